package dev.fdpass.races;

import static dev.fdpass.races.Call.outcome;
import static dev.fdpass.races.Call.unchecked;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** A {@link Received}, which is safe for use by several threads, and two threads that use it. */
public final class ReceivedRaces {
    private static final String FORBIDDEN_DESC = "A descriptor leaked, was closed twice, or had two owners.";

    private ReceivedRaces() {}

    /** A message with a descriptor, the only one there is of its file. */
    abstract static class Setting {
        final Received received;

        private final Watched watched;
        private @Nullable Foreign one;
        private @Nullable Foreign two;

        Setting() {
            try (SocketPair<UnixSeqpacket> pair = unchecked(UnixSeqpacket::pair)) {
                watched = new Watched().sendAway(pair.first());
                received = pair.second().receive(16, 1);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /** Takes the descriptor and closes it, so that a second close of the number would meet another file. */
        final String take() {
            return outcome(() -> {
                try (OwnedFd fd = received.takeFd(0)) {
                    return watched.is(fd.info()) ? "own" : "foreign";
                }
            });
        }

        final String takeAll() {
            return outcome(() -> {
                List<OwnedFd> fds = received.takeFds();
                if (fds.isEmpty()) {
                    return "none";
                }
                try (OwnedFd fd = fds.getFirst()) {
                    return watched.is(fd.info()) ? "own" : "foreign";
                }
            });
        }

        final String close() {
            received.close();
            return watched.isGone() ? "closed" : "still open";
        }

        final void foreignAfterOne() {
            one = new Foreign();
        }

        final void foreignAfterTwo() {
            two = new Foreign();
        }

        final String afterwards() {
            received.close();
            return Call.worst(Foreign.afterwards(one, two), watched.afterwards());
        }
    }

    @JCStressTest
    @Description("L02: take against close")
    @Outcome(id = "own, closed, clean", expect = ACCEPTABLE, desc = "Taken first.")
    @Outcome(id = "own, still open, clean", expect = ACCEPTABLE, desc = "Taken first, and the taker's own to close.")
    @Outcome(id = "refused, closed, clean", expect = ACCEPTABLE, desc = "Closed first.")
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
    @Description("L02: take against take of all")
    @Outcome(id = "own, none, clean", expect = ACCEPTABLE, desc = "The first one has it.")
    @Outcome(id = "taken, own, clean", expect = ACCEPTABLE, desc = "The second one has it.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class TakeAgainstTakeAll extends Setting {
        @Actor
        public void taker(LLL_Result r) {
            r.r1 = take();
            foreignAfterOne();
        }

        @Actor
        public void takerOfAll(LLL_Result r) {
            r.r2 = takeAll();
            foreignAfterTwo();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: close against close")
    @Outcome(id = "closed, closed, clean", expect = ACCEPTABLE, desc = "Closed once, and when either call returns.")
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
