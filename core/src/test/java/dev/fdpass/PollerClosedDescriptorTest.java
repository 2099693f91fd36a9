package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.EpollEntries;
import dev.fdpass.testing.Python;
import dev.fdpass.testing.ReusedNumber;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * epoll keeps a registration as long as the open file lives anywhere, and goes on reporting the number of a descriptor that
 * is closed, man page epoll(7). A {@link Poller} does not.
 */
@SuppressWarnings("try") // closing is what is tested
class PollerClosedDescriptorTest {
    /** Nothing is reported for a while, and the thread sleeps meanwhile. */
    private static void assertIsQuiet(Poller<?> poller) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        assertThat(poller.await(Duration.ofMillis(200))).isZero();
        assertThat(threads.getCurrentThreadCpuTime() - before)
                .as("nanoseconds of the processor in 200 ms")
                .isLessThan(100_000_000);
    }

    @Test
    void whileADuplicateLivesOnInThisProcess() throws Exception {
        try (Poller<String> poller = Poller.open();
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                OwnedFd duplicate = pair.second().asFd().duplicate()) {
            Registration<String> registration = poller.register(pair.second(), Interest.READ, "it");
            pair.first().send(Text.buffer("1"));
            assertThat(poller.await()).isEqualTo(1);

            pair.second().close();
            assertThat(registration.isValid()).isFalse();
            assertThat(EpollEntries.numbers(poller)).isEmpty();
            assertIsQuiet(poller);
            try (UnixSeqpacket other = UnixSeqpacket.adopt(duplicate)) {
                other.receive(1, 0).close();
            }
        }
    }

    @Test
    void whileADuplicateLivesOnInAChild() throws Exception {
        try (Poller<String> poller = Poller.open();
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed())) {
            try (ChildProcess child =
                            Python.start("""
                            import socket, sys, time
                            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                            s.connect('\\0' + sys.argv[1])
                            _, fds, _, _ = socket.recv_fds(s, 1, 1)
                            s.send(str(len(fds)).encode())
                            time.sleep(60)
                            """, listener.localAddress().toString().substring(1));
                    UnixSeqpacket toChild = listener.accept(Duration.ofSeconds(30))) {
                poller.register(pair.second(), Interest.READ, "it");
                toChild.send(Text.buffer("1"), pair.second());
                try (Received answer = toChild.receive(1, 0)) {
                    assertThat(Text.of(answer.data())).isEqualTo("1");
                }
                pair.second().close();
                pair.first().send(Text.buffer("for the child, which has it"));
                assertThat(EpollEntries.numbers(poller)).isEmpty();
                assertIsQuiet(poller);
                assertThat(child.isAlive()).isTrue();
            }
        }
    }

    @Test
    void itsNumberMeansAnotherFileThatNobodyConfusesWithIt() throws Exception {
        try (Poller<String> poller = Poller.open();
                SocketPair<UnixSeqpacket> old = UnixSeqpacket.pair();
                OwnedFd duplicate = old.second().asFd().duplicate()) {
            int number = old.second().asFd().number();
            Registration<String> first = poller.register(old.second(), Interest.READ, "old");
            old.first().send(Text.buffer("for the old one"));
            assertThat(poller.await()).isEqualTo(1);
            old.second().close();

            try (EventFd event = ReusedNumber.of(number, EventFd::create)) {
                assertThat(poller.tryAwait()).as("it is not registered").isZero();
                Registration<String> second = poller.register(event, Interest.READ, "new");
                assertThat(poller.tryAwait()).as("it is not ready").isZero();
                first.cancel();
                event.write(1);
                assertThat(poller.await())
                        .as("the old one was cancelled, not this")
                        .isEqualTo(1);
                assertThat(poller.ready(0)).isSameAs(second);
                assertThat(first.isReadable()).isFalse();
            }
            assertThat(duplicate.isOpen()).isTrue();
        }
    }

    @Test
    void anotherOneThatWasReadyInTheSameAwaitClosesIt() throws IOException {
        try (Poller<EventFd> poller = Poller.open();
                EventFd a = EventFd.create(1);
                EventFd b = EventFd.create(1)) {
            poller.register(a, Interest.READ, a);
            poller.register(b, Interest.READ, b);
            assertThat(poller.await()).isEqualTo(2);
            poller.ready(0).attachment().close();
            assertThat(poller.ready(0).isReadable()).isFalse();
            assertThat(poller.ready(1).isReadable()).isTrue();
            poller.ready(1).attachment().close();
            assertThat(poller.ready(1).isReadable()).isFalse();
            assertThat(poller.ready(1).isValid()).isFalse();
        }
    }

    @Test
    void whileAnotherThreadIsInALongCallWithIt() throws Exception {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create(1)) {
            Registration<String> registration = poller.register(event, Interest.READ, "event");
            assertThat(poller.await()).isEqualTo(1);
            CountDownLatch isInUse = new CountDownLatch(1);
            CountDownLatch isClosing = new CountDownLatch(1);
            try (Background<Void> user = Background.run(() -> event.asFd().use(number -> {
                        isInUse.countDown();
                        isClosing.await();
                        return null;
                    }));
                    Background<Void> closer = Background.run(() -> {
                        isInUse.await();
                        event.close();
                        return null;
                    })) {
                while (event.isOpen()) {
                    Thread.sleep(1);
                }
                assertIsQuiet(poller);
                assertThat(registration.isValid()).isFalse();
                assertThat(closer.isDone()).as("the number is open").isFalse();
                isClosing.countDown();
                user.get();
                closer.get();
            }
        }
    }

    @Test
    void oneThatIsGivenAwayIsNotReported() throws Exception {
        try (Poller<String> poller = Poller.open()) {
            EventFd event = EventFd.create(1);
            Registration<String> registration = poller.register(event, Interest.READ, "event");
            try (OwnedFd another = OwnedFd.adopt(event.asFd().detach())) {
                assertThat(registration.isValid()).isFalse();
                assertIsQuiet(poller);
                poller.register(another, Interest.READ, "its next owner's");
                assertThat(poller.await()).isEqualTo(1);
                assertThat(poller.ready(0).attachment()).isEqualTo("its next owner's");
            }
        }
    }

    @Test
    void aCancelledOneStaysOpenAndCanBeRegisteredAgain() throws IOException {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create(1)) {
            Registration<String> registration = poller.register(event, Interest.READ, "first");
            registration.cancel();
            registration.cancel();
            assertThat(registration.isValid()).isFalse();
            assertThat(poller.tryAwait()).isZero();
            assertThat(event.isOpen()).isTrue();
            poller.register(event, Interest.READ, "second");
            assertThat(poller.await()).isEqualTo(1);
            assertThat(poller.ready(0).attachment()).isEqualTo("second");
        }
    }

    @Test
    void closingItWhileAThreadAwaitsLeavesThatWaiting() throws Exception {
        try (Poller<String> poller = Poller.open();
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                EventFd event = EventFd.create()) {
            poller.register(pair.second(), Interest.READ, "socket");
            poller.register(event, Interest.READ, "event");
            try (Background<Integer> awaiting = Background.blocked(poller::await)) {
                pair.second().close();
                pair.first().close();
                Thread.sleep(50);
                assertThat(awaiting.isDone()).isFalse();
                event.write(1);
                assertThat(awaiting.get()).isEqualTo(1);
            }
        }
    }
}
