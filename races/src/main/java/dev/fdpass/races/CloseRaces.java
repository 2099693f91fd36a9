package dev.fdpass.races;

import static dev.fdpass.races.Call.outcome;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.fdpass.OwnedFd;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** One descriptor that a thread closes, while another closes it too, uses it or gives it away. */
public final class CloseRaces {
    private static final String FORBIDDEN_DESC = "It leaked, was closed twice, or another file was used for it.";

    private CloseRaces() {}

    /** A descriptor, and foreign files that take its number as soon as it is free. */
    abstract static class Setting {
        final Watched watched = new Watched();

        private @Nullable Foreign one;
        private @Nullable Foreign two;

        final OwnedFd fd() {
            return watched.fd();
        }

        final String close(Runnable next) {
            return outcome(() -> {
                fd().close();
                next.run();
                // Whoever's call it was that closed it: when close returns, it is closed.
                return watched.isGone() ? "closed" : "still open";
            });
        }

        /** Whether {@code number} is the descriptor; asked of the kernel through a duplicate. */
        final String whose(int number) {
            return outcome(() -> {
                try (OwnedFd duplicate = OwnedFd.duplicateOf(number)) {
                    return watched.is(duplicate.info()) ? "own" : "foreign";
                }
            });
        }

        final void foreignAfterOne() {
            one = new Foreign();
        }

        final void foreignAfterTwo() {
            two = new Foreign();
        }

        final String afterwards() {
            return Call.worst(Foreign.afterwards(one, two), watched.afterwards());
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
            r.r1 = close(this::foreignAfterOne);
        }

        @Actor
        public void otherCloser(LLL_Result r) {
            r.r2 = close(this::foreignAfterTwo);
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: close against use, which lends the number to a call of one's own")
    @Outcome(id = "closed, own, clean", expect = ACCEPTABLE, desc = "Used first; close waited.")
    @Outcome(id = "closed, refused, clean", expect = ACCEPTABLE, desc = "Closed first.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseAgainstUse extends Setting {
        @Actor
        public void closer(LLL_Result r) {
            r.r1 = close(this::foreignAfterOne);
        }

        @Actor
        public void user(LLL_Result r) {
            r.r2 = outcome(() -> fd().use(this::whose));
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: close against info")
    @Outcome(id = "closed, own, clean", expect = ACCEPTABLE, desc = "Asked first; close waited.")
    @Outcome(id = "closed, refused, clean", expect = ACCEPTABLE, desc = "Closed first.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseAgainstInfo extends Setting {
        @Actor
        public void closer(LLL_Result r) {
            r.r1 = close(this::foreignAfterOne);
        }

        @Actor
        public void asker(LLL_Result r) {
            r.r2 = outcome(() -> watched.is(fd().info()) ? "own" : "foreign");
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: close against duplicate")
    @Outcome(id = "closed, own, clean", expect = ACCEPTABLE, desc = "Duplicated first; close waited.")
    @Outcome(id = "closed, refused, clean", expect = ACCEPTABLE, desc = "Closed first.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseAgainstDuplicate extends Setting {
        @Actor
        public void closer(LLL_Result r) {
            r.r1 = outcome(() -> {
                fd().close();
                foreignAfterOne();
                return "closed";
            });
        }

        @Actor
        public void duplicator(LLL_Result r) {
            r.r2 = outcome(() -> {
                try (OwnedFd duplicate = fd().duplicate()) {
                    return watched.is(duplicate.info()) ? "own" : "foreign";
                }
            });
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: close against detach, which gives the number away")
    @Outcome(id = "closed, own, clean", expect = ACCEPTABLE, desc = "Detached first; close found nothing to close.")
    @Outcome(id = "closed, refused, clean", expect = ACCEPTABLE, desc = "Closed first; there was nothing to detach.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseAgainstDetach extends Setting {
        @Actor
        public void closer(LLL_Result r) {
            r.r1 = outcome(() -> {
                fd().close();
                foreignAfterOne();
                return fd().isOpen() ? "open" : "closed";
            });
        }

        @Actor
        public void detacher(LLL_Result r) {
            r.r2 = outcome(() -> {
                try (OwnedFd detached = OwnedFd.adopt(fd().detach())) {
                    return watched.is(detached.info()) ? "own" : "foreign";
                } finally {
                    foreignAfterTwo();
                }
            });
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: detach against detach")
    @Outcome(id = "own, refused, clean", expect = ACCEPTABLE, desc = "The first one has the number.")
    @Outcome(id = "refused, own, clean", expect = ACCEPTABLE, desc = "The second one has the number.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class DetachAgainstDetach extends Setting {
        @Actor
        public void detacher(LLL_Result r) {
            r.r1 = detach();
            foreignAfterOne();
        }

        @Actor
        public void otherDetacher(LLL_Result r) {
            r.r2 = detach();
            foreignAfterTwo();
        }

        private String detach() {
            return outcome(() -> {
                try (OwnedFd detached = OwnedFd.adopt(fd().detach())) {
                    return watched.is(detached.info()) ? "own" : "foreign";
                }
            });
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: detach against use; who detaches closes the number, and foreign files take it")
    @Outcome(id = "own, refused, clean", expect = ACCEPTABLE, desc = "Detached first.")
    @Outcome(id = "own, own, clean", expect = ACCEPTABLE, desc = "Used before it was detached.")
    @Outcome(id = "busy, own, clean", expect = ACCEPTABLE, desc = "What is in use is not detached.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class DetachAgainstUse extends Setting {
        @Actor
        public void detacher(LLL_Result r) {
            r.r1 = outcome(() -> {
                try (OwnedFd detached = OwnedFd.adopt(fd().detach())) {
                    return watched.is(detached.info()) ? "own" : "foreign";
                } finally {
                    foreignAfterOne();
                }
            });
        }

        @Actor
        public void user(LLL_Result r) {
            r.r2 = outcome(() -> fd().use(this::whose));
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            Call.unchecked(() -> {
                fd().close();
                return fd();
            });
            r.r3 = afterwards();
        }
    }
}
