package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a {@link Poller} says is ready. */
class PollerReadySetTest {
    private static <A> List<A> attachments(Poller<A> poller, int count) {
        List<A> ready = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ready.add(poller.ready(i).attachment());
        }
        return ready;
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void whatIsReadyIsReportedWithWhatWasAttached(SocketType type) throws IOException {
        try (Poller<String> poller = Poller.open();
                SocketPair<? extends ScmSocket> a = type.pair();
                SocketPair<? extends ScmSocket> b = type.pair();
                SocketPair<? extends ScmSocket> c = type.pair()) {
            poller.register(a.second(), Interest.READ, "a");
            Registration<String> ofB = poller.register(b.second(), Interest.READ, "b");
            poller.register(c.second(), Interest.READ, "c");
            assertThat(poller.tryAwait()).isZero();

            a.first().send(Text.buffer("1"));
            c.first().send(Text.buffer("1"));
            assertThat(attachments(poller, poller.await())).containsExactlyInAnyOrder("a", "c");
            assertThat(ofB.isReadable()).isFalse();

            b.first().send(Text.buffer("1"));
            a.second().receive(1, 0).close();
            assertThat(attachments(poller, poller.await())).containsExactlyInAnyOrder("b", "c");
            assertThat(ofB.isReadable()).isTrue();
            assertThat(ofB.fd()).isSameAs(b.second());
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    void itIsReportedForAsLongAsItIsReady(SocketType type) throws IOException {
        try (Poller<String> poller = Poller.open();
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            Registration<String> registration = poller.register(pair.second(), Interest.READ, "it");
            pair.first().send(Text.buffer("1"));
            for (int i = 0; i < 3; i++) {
                assertThat(poller.await()).isEqualTo(1);
                assertThat(poller.ready(0)).isSameAs(registration);
                assertThat(registration.isReadable()).isTrue();
            }
            pair.second().receive(1, 0).close();
            assertThat(poller.tryAwait()).isZero();
            assertThat(registration.isReadable())
                    .as("what an earlier await found")
                    .isFalse();
        }
    }

    @Test
    void moreThanAnAwaitReportsAreReportedByTheNextOnes() throws IOException {
        List<SocketPair<UnixSeqpacket>> pairs = new ArrayList<>();
        try (Poller<Integer> poller = Poller.open(3)) {
            for (int i = 0; i < 8; i++) {
                SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                pairs.add(pair);
                poller.register(pair.second(), Interest.READ, i);
                pair.first().send(Text.buffer("1"));
            }
            Set<Integer> seen = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                int count = poller.await();
                assertThat(count).isEqualTo(3);
                seen.addAll(attachments(poller, count)); // and nobody receives
            }
            assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
        } finally {
            for (SocketPair<UnixSeqpacket> pair : pairs) {
                pair.close();
            }
        }
    }

    @Test
    void thereAreNoMoreThanTheCountSays() throws IOException {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create(1)) {
            poller.register(event, Interest.READ, "event");
            assertThat(poller.await()).isEqualTo(1);
            assertThatThrownBy(() -> poller.ready(1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> poller.ready(-1)).isInstanceOf(IndexOutOfBoundsException.class);
            event.read();
            assertThat(poller.tryAwait()).isZero();
            assertThatThrownBy(() -> poller.ready(0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void severalPollersReportTheSameDescriptor() throws IOException {
        try (Poller<String> one = Poller.open();
                Poller<String> other = Poller.open();
                EventFd event = EventFd.create()) {
            one.register(event, Interest.READ, "one");
            Registration<String> second = other.register(event, Interest.READ, "other");
            event.write(1);
            assertThat(attachments(one, one.await())).containsExactly("one");
            assertThat(attachments(other, other.await())).containsExactly("other");
            second.cancel();
            assertThat(one.await()).isEqualTo(1);
            assertThat(other.tryAwait()).isZero();
        }
    }

    @Test
    void duplicatesAreReportedEach() throws IOException {
        try (Poller<String> poller = Poller.open();
                EventFd event = EventFd.create();
                OwnedFd duplicate = event.asFd().duplicate()) {
            poller.register(event, Interest.READ, "event");
            poller.register(duplicate, Interest.READ, "duplicate");
            event.write(1);
            assertThat(attachments(poller, poller.await())).containsExactlyInAnyOrder("event", "duplicate");
        }
    }
}
