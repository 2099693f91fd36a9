package dev.fdpass;

import static dev.fdpass.testing.Allocation.assertAllocatesNothing;

import dev.fdpass.testing.Background;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A steady loop around a {@link Poller} allocates nothing on the Java heap, once it is compiled. */
@Tag("own-jvm")
class PollerAllocatesNothingTest {
    private static void check(boolean asExpected) {
        if (!asExpected) {
            throw new AssertionError("the loop does not do what it is measured for");
        }
    }

    @Test
    void beingToldAndReceiving() throws IOException {
        try (Poller<UnixSeqpacket> poller = Poller.open();
                SocketPair<UnixSeqpacket> a = UnixSeqpacket.pair();
                SocketPair<UnixSeqpacket> b = UnixSeqpacket.pair();
                ScmMessage out = ScmMessage.allocate(8, 0);
                ScmMessage in = ScmMessage.allocate(8, 0)) {
            poller.register(a.second(), Interest.READ, a.second());
            poller.register(b.second(), Interest.READ, b.second());
            out.payload().putLong(1);
            assertAllocatesNothing(() -> {
                a.first().send(out);
                b.first().send(out);
                check(poller.await() == 2);
                for (int i = 0; i < 2; i++) {
                    Registration<UnixSeqpacket> ready = poller.ready(i);
                    check(ready.isReadable() && !ready.isWritable());
                    check(ready.attachment().tryReceive(in) == TryResult.DONE);
                }
                check(poller.tryAwait() == 0);
            });
        }
    }

    @Test
    void changingInterests() throws IOException {
        try (Poller<String> poller = Poller.open();
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            Registration<String> registration = poller.register(pair.second(), Interest.READ, "it");
            assertAllocatesNothing(() -> {
                registration.setInterest(Interest.READ_WRITE);
                check(poller.tryAwait() == 1 && registration.isWritable());
                registration.setInterest(Interest.NONE);
                check(poller.tryAwait() == 0);
                registration.setInterest(Interest.READ);
            });
        }
    }

    @Test
    void waitingUntilTheTimeIsOver() throws IOException {
        Duration timeout = Duration.ofNanos(1);
        try (Poller<String> poller = Poller.open()) {
            assertAllocatesNothing(() -> check(poller.await(timeout) == 0));
        }
    }

    @Test
    void wakingUp() throws IOException {
        try (Poller<String> poller = Poller.open()) {
            assertAllocatesNothing(() -> {
                poller.wakeUp();
                check(poller.await() == 0);
            });
        }
    }

    @Test
    void waitingForAnotherThread() throws Exception {
        try (Poller<String> poller = Poller.open();
                Poller<String> back = Poller.open();
                Background<Void> other = Background.run(() -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        back.await();
                        poller.wakeUp();
                    }
                    return null;
                })) {
            assertAllocatesNothing(() -> {
                back.wakeUp();
                check(poller.await() == 0);
            });
            check(!other.isDone());
        }
    }
}
