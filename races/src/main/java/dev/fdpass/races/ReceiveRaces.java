package dev.fdpass.races;

import static dev.fdpass.races.Call.outcome;
import static dev.fdpass.races.Call.unchecked;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** A socket on which a thread receives, while another closes it or interrupts the receiver. */
public final class ReceiveRaces {
    private static final String FORBIDDEN_DESC =
            "A descriptor leaked or was closed twice, another socket was read, or the receiver was not woken as it should.";

    private ReceiveRaces() {}

    /** A connection, and a foreign one that takes its numbers. */
    abstract static class Setting {
        final SocketPair<UnixSeqpacket> pair = unchecked(UnixSeqpacket::pair);
        final UnixSeqpacket socket = pair.second();
        final Watched watched = new Watched();

        private @Nullable ForeignConnection foreign;
        private volatile @Nullable Thread receiver;
        private volatile boolean interrupted;

        final String receive() {
            return outcome(() -> {
                try (Received received = socket.receive(16, 1)) {
                    if (received.fdCount() != 1) {
                        return received.bytes() + " bytes without a descriptor";
                    }
                    try (OwnedFd fd = received.takeFd(0)) {
                        return watched.is(fd.info()) ? "received" : "foreign";
                    }
                }
            });
        }

        final String close() {
            return outcome(() -> {
                socket.close();
                foreign = new ForeignConnection();
                return "closed";
            });
        }

        /** {@link #receive}, ready to be interrupted once. */
        final String receiveUntilInterrupted() {
            receiver = Thread.currentThread();
            String result = receive();
            // The interrupt may come too late for this race; it must not come into the next.
            while (!interrupted) {
                Thread.onSpinWait();
            }
            boolean isInterrupted = Thread.interrupted();
            return isInterrupted ? result : result + ", but the thread is no longer interrupted";
        }

        final String interrupt() {
            Thread thread = receiver;
            while (thread == null) {
                Thread.onSpinWait();
                thread = receiver;
            }
            thread.interrupt();
            interrupted = true;
            return "interrupts";
        }

        final String afterwards() {
            return unchecked(() -> {
                pair.close();
                watched.fd().close();
                return Call.worst(foreign == null ? Call.CLEAN : foreign.afterwards(), watched.afterwards());
            });
        }
    }

    @JCStressTest
    @Description("L01: close against a receive that waits or is about to")
    @Outcome(id = "woken, closed, clean", expect = ACCEPTABLE, desc = "It waited, and was woken.")
    @Outcome(id = "refused, closed, clean", expect = ACCEPTABLE, desc = "Closed before it began.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseAgainstWait extends Setting {
        @Actor
        public void receiver(LLL_Result r) {
            r.r1 = receive();
        }

        @Actor
        public void closer(LLL_Result r) {
            r.r2 = close();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L01: close against a receive that finds a message with the only descriptor of a file")
    @Outcome(id = "received, closed, clean", expect = ACCEPTABLE, desc = "Received first; close waited.")
    @Outcome(
            id = "refused, closed, clean",
            expect = ACCEPTABLE,
            desc = "Closed first, and the kernel closed the message.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseAgainstArrival extends Setting {
        public CloseAgainstArrival() {
            watched.sendAway(pair.first());
        }

        @Actor
        public void receiver(LLL_Result r) {
            r.r1 = receive();
        }

        @Actor
        public void closer(LLL_Result r) {
            r.r2 = close();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L03: interrupt against a receive that waits or is about to")
    @Outcome(id = "interrupted, interrupts, clean", expect = ACCEPTABLE, desc = "Before it waited, or while.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class InterruptAgainstWait extends Setting {
        @Actor
        public void receiver(LLL_Result r) {
            r.r1 = receiveUntilInterrupted();
            r.r1 = socket.isOpen() ? r.r1 + " and open" : r.r1;
        }

        @Actor
        public void interrupter(LLL_Result r) {
            r.r2 = interrupt();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L03: interrupt against a receive that finds a message with the only descriptor of a file")
    @Outcome(id = "received, interrupts, clean", expect = ACCEPTABLE, desc = "Received; the interrupt came after that.")
    @Outcome(
            id = "interrupted, interrupts, clean",
            expect = ACCEPTABLE,
            desc = "Interrupted first: the socket is closed.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class InterruptAgainstArrival extends Setting {
        public InterruptAgainstArrival() {
            watched.sendAway(pair.first());
        }

        @Actor
        public void receiver(LLL_Result r) {
            r.r1 = receiveUntilInterrupted();
            boolean shouldBeOpen = "received".equals(r.r1);
            r.r1 = socket.isOpen() == shouldBeOpen ? r.r1 : r.r1 + (shouldBeOpen ? " but closed" : " but open");
        }

        @Actor
        public void interrupter(LLL_Result r) {
            r.r2 = interrupt();
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L01: arrival of a message against a receive that waits or is about to")
    @Outcome(id = "received, sent, clean", expect = ACCEPTABLE, desc = "Whichever came first.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class SendAgainstReceive extends Setting {
        @Actor
        public void receiver(LLL_Result r) {
            r.r1 = receive();
        }

        @Actor
        public void sender(LLL_Result r) {
            watched.sendAway(pair.first());
            r.r2 = "sent";
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L01: close of a listener against accept, with a connection waiting")
    @Outcome(id = "accepted, closed, clean", expect = ACCEPTABLE, desc = "Accepted first; close waited.")
    @Outcome(id = "refused, closed, clean", expect = ACCEPTABLE, desc = "Closed first, and the connection with it.")
    @Outcome(id = "woken, closed, clean", expect = ACCEPTABLE, desc = "Closed meanwhile, and the connection with it.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseAgainstAccept {
        private final UnixStreamListener listener =
                unchecked(() -> UnixStreamListener.bind(dev.fdpass.UnixAddress.unnamed()));
        private final UnixStream client = unchecked(() -> UnixStream.connect(listener.localAddress()));

        private @Nullable ForeignConnection foreign;

        @Actor
        public void accepter(LLL_Result r) {
            r.r1 = outcome(() -> {
                listener.accept().close();
                return "accepted";
            });
        }

        @Actor
        public void closer(LLL_Result r) {
            r.r2 = outcome(() -> {
                listener.close();
                foreign = new ForeignConnection();
                return "closed";
            });
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = outcome(() -> {
                boolean isOver;
                try (client) {
                    isOver = client.tryReceive(1, 0)
                            .filter(Received::isEndOfStream)
                            .isPresent();
                } catch (dev.fdpass.ErrnoException e) {
                    isOver = e.name().equals("ECONNRESET"); // closed before it was accepted
                }
                return Call.worst(isOver ? Call.CLEAN : "leaked", foreign == null ? "no close" : foreign.afterwards());
            });
        }
    }
}
