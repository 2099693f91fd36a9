package dev.fdpass.races;

import static dev.fdpass.races.Call.outcome;
import static dev.fdpass.races.Call.unchecked;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.fdpass.OwnedFd;
import dev.fdpass.ScmMessage;
import dev.fdpass.SocketPair;
import dev.fdpass.TryResult;
import dev.fdpass.UnixSeqpacket;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** An {@link ScmMessage}, which is for one thread at a time, and two threads that use it. */
public final class MessageRaces {
    private static final String FORBIDDEN_DESC = "A descriptor leaked, was closed twice, or had two owners.";

    private MessageRaces() {}

    /** A message that has received a descriptor, the only one there is of its file, and a second one on its way. */
    abstract static class Setting {
        final ScmMessage message = ScmMessage.allocate(16, 2);

        private final SocketPair<UnixSeqpacket> pair = unchecked(UnixSeqpacket::pair);
        private final Watched received = new Watched().sendAway(pair.first());
        private final Watched onItsWay = new Watched();

        private @Nullable Foreign one;
        private @Nullable Foreign two;

        Setting() {
            unchecked(() -> pair.second().receive(message));
            onItsWay.sendAway(pair.first());
        }

        /** Takes the descriptor and closes it, so that a second close of the number would meet another file. */
        final String take() {
            return outcome(() -> {
                try (OwnedFd fd = message.takeFd(0)) {
                    return received.is(fd.info()) ? "own" : onItsWay.is(fd.info()) ? "next" : "foreign";
                }
            });
        }

        final String clear() {
            return outcome(() -> {
                message.clear();
                return "cleared";
            });
        }

        final String close() {
            return outcome(() -> {
                message.close();
                return "closed";
            });
        }

        /** The next receive, which closes what the last one left. */
        final String receive() {
            return outcome(() -> pair.second().tryReceive(message) == TryResult.DONE ? "received" : "nothing");
        }

        final void foreignAfterOne() {
            one = new Foreign();
        }

        final void foreignAfterTwo() {
            two = new Foreign();
        }

        final String afterwards() {
            message.close();
            return unchecked(() -> {
                pair.close();
                return Call.worst(Foreign.afterwards(one, two), received.afterwards(), onItsWay.afterwards());
            });
        }
    }

    @JCStressTest
    @Description("L02: take against clear")
    @Outcome(id = "own, cleared, clean", expect = ACCEPTABLE, desc = "Taken first.")
    @Outcome(id = "none, cleared, clean", expect = ACCEPTABLE, desc = "Cleared first.")
    @Outcome(id = "own, busy, clean", expect = ACCEPTABLE, desc = "Cleared while it was being taken, and told so.")
    @Outcome(id = "busy, cleared, clean", expect = ACCEPTABLE, desc = "Taken while it was being cleared, and told so.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class TakeAgainstClear extends Setting {
        @Actor
        public void taker(LLL_Result r) {
            r.r1 = take();
            foreignAfterOne();
        }

        @Actor
        public void clearer(LLL_Result r) {
            r.r2 = clear();
            foreignAfterTwo();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: take against close")
    @Outcome(id = "own, closed, clean", expect = ACCEPTABLE, desc = "Taken first.")
    @Outcome(id = "refused, closed, clean", expect = ACCEPTABLE, desc = "Closed first.")
    @Outcome(id = "busy, closed, clean", expect = ACCEPTABLE, desc = "Taken while it was being closed, and told so.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class TakeAgainstClose extends Setting {
        @Actor
        public void taker(LLL_Result r) {
            r.r1 = take();
            foreignAfterOne();
        }

        @Actor
        public void closer(LLL_Result r) {
            r.r2 = close();
            foreignAfterTwo();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: take against take")
    @Outcome(id = "own, taken, clean", expect = ACCEPTABLE, desc = "The first one has it.")
    @Outcome(id = "taken, own, clean", expect = ACCEPTABLE, desc = "The second one has it.")
    @Outcome(id = "own, busy, clean", expect = ACCEPTABLE, desc = "The first one has it, the second came meanwhile.")
    @Outcome(id = "busy, own, clean", expect = ACCEPTABLE, desc = "The second one has it, the first came meanwhile.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class TakeAgainstTake extends Setting {
        @Actor
        public void taker(LLL_Result r) {
            r.r1 = take();
            foreignAfterOne();
        }

        @Actor
        public void otherTaker(LLL_Result r) {
            r.r2 = take();
            foreignAfterTwo();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: take against the next receive, which closes what the last one brought")
    @Outcome(id = "own, received, clean", expect = ACCEPTABLE, desc = "Taken first.")
    @Outcome(id = "next, received, clean", expect = ACCEPTABLE, desc = "Received first, and that one taken.")
    @Outcome(id = "busy, received, clean", expect = ACCEPTABLE, desc = "Taken in the midst of receiving, and told so.")
    @Outcome(id = "own, busy, clean", expect = ACCEPTABLE, desc = "Received while it was being taken, and told so.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class TakeAgainstReceive extends Setting {
        @Actor
        public void taker(LLL_Result r) {
            r.r1 = take();
            foreignAfterOne();
        }

        @Actor
        public void receiver(LLL_Result r) {
            r.r2 = receive();
            foreignAfterTwo();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: two threads receive with one message")
    @Outcome(id = "received, nothing, clean", expect = ACCEPTABLE, desc = "The first one got it.")
    @Outcome(id = "nothing, received, clean", expect = ACCEPTABLE, desc = "The second one got it.")
    @Outcome(id = "received, busy, clean", expect = ACCEPTABLE, desc = "The second came meanwhile, and was told so.")
    @Outcome(id = "busy, received, clean", expect = ACCEPTABLE, desc = "The first came meanwhile, and was told so.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class ReceiveAgainstReceive extends Setting {
        @Actor
        public void receiver(LLL_Result r) {
            r.r1 = receive();
            foreignAfterOne();
        }

        @Actor
        public void otherReceiver(LLL_Result r) {
            r.r2 = receive();
            foreignAfterTwo();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: close against a receive with the message")
    @Outcome(id = "received, closed, clean", expect = ACCEPTABLE, desc = "Received first or meanwhile, then closed.")
    @Outcome(id = "refused, closed, clean", expect = ACCEPTABLE, desc = "Closed first.")
    @Outcome(id = "busy, closed, clean", expect = ACCEPTABLE, desc = "Received while it was being closed.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseAgainstReceive extends Setting {
        @Actor
        public void receiver(LLL_Result r) {
            r.r1 = receive();
            foreignAfterOne();
        }

        @Actor
        public void closer(LLL_Result r) {
            r.r2 = close();
            foreignAfterTwo();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: close against close")
    @Outcome(id = "closed, closed, clean", expect = ACCEPTABLE, desc = "Its descriptors were closed once.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseAgainstClose extends Setting {
        @Actor
        public void closer(LLL_Result r) {
            r.r1 = close();
            foreignAfterOne();
        }

        @Actor
        public void otherCloser(LLL_Result r) {
            r.r2 = close();
            foreignAfterTwo();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }
}
