package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What can never be a message is refused when the tube is made, not when the first one comes; the socket stays open. */
class UnfitMessagesTest {
    private static void isRefused(Class<?> type, String reason) throws IOException {
        try (SocketPair<UnixStream> pair = UnixStream.pair()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tube.over(pair.first(), type, ToWorker.class))
                    .withMessage(reason);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tube.over(pair.first(), ToWorker.class, type))
                    .withMessage(reason);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RequestTube.over(pair.first(), ToWorker.class, type))
                    .withMessage(reason);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ReplyTube.over(pair.first(), type, ToWorker.class))
                    .withMessage(reason);
            assertThatIllegalArgumentException().isThrownBy(() -> Tube.pair(type, ToWorker.class));
            assertThat(pair.first().isOpen()).isTrue();
        }
    }

    interface Open {}

    sealed interface WithClass {
        final class Plain implements WithClass {}
    }

    abstract static sealed class Base {}

    static final class Leaf extends Base {}

    @Test
    void onlyRecordsEnumsAndSealedInterfacesOfThemAreMessages() throws IOException {
        isRefused(
                String.class, "String: java.lang.String is no record, enum or sealed interface of those; messages are");
        isRefused(
                Open.class,
                "Open: " + Open.class.getName() + " is no record, enum or sealed interface of those; messages are");
        isRefused(
                WithClass.class,
                "Plain: " + WithClass.Plain.class.getName()
                        + " is no record, enum or sealed interface of those; messages are");
        isRefused(
                Base.class,
                "Base: " + Base.class.getName() + " is a sealed class; make it a sealed interface of records");
    }

    private static final String KINDS =
            "EventFd, ListeningSocket, OwnedFd, PidFd, SharedMemory, UnixDatagram, UnixSeqpacket,"
                    + " UnixSeqpacketListener, UnixStream, UnixStreamListener and Tube<…, …>";

    record AnyFd(AsFd fd) {}

    record AnySocket(Optional<List<ScmSocket>> sockets) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Inner(Map<String, AnyFd[]> inner) {}

    @Test
    void aDescriptorNeedsATypeThatSaysWhatItIs() throws IOException {
        isRefused(
                AnyFd.class,
                "AnyFd.fd: dev.fdpass.AsFd is no type that a descriptor can be received as; there are " + KINDS);
        isRefused(
                AnySocket.class,
                "AnySocket.sockets: dev.fdpass.ScmSocket is no type that a descriptor can be received as; there are "
                        + KINDS);
        isRefused(
                Inner.class,
                "AnyFd.fd: dev.fdpass.AsFd is no type that a descriptor can be received as; there are " + KINDS);
    }

    record Keys(Map<OwnedFd, String> map) {}

    @SuppressWarnings("rawtypes")
    record RawTube(Tube tube) {}

    record Wild(Tube<?, ToWorker> tube) {}

    record OfText(Tube<ToWorker, String> tube) {}

    @Test
    void keysAreNoDescriptorsAndTubesNameTheirMessages() throws IOException {
        isRefused(Keys.class, "Keys.map: keys of a map are dev.fdpass.OwnedFd; they must be text, numbers or enums");
        isRefused(RawTube.class, "RawTube.tube: a tube without its messages; write Tube<Sent, Received>");
        isRefused(Wild.class, "Wild.tube: Tube<…> of ?; name a class of messages");
        isRefused(
                OfText.class,
                "OfText.tube: java.lang.String is no record, enum or sealed interface of those; messages are");
    }

    sealed interface Twice {
        record Same() implements Twice {}

        @JsonTypeName("Same")
        record Other() implements Twice {}
    }

    @Test
    void twoMembersOfAFamilyHaveTwoNames() throws IOException {
        isRefused(
                Twice.class,
                Twice.Same.class.getName() + " and " + Twice.Other.class.getName()
                        + " have the same name \"Same\"; give one another with @JsonTypeName");
    }

    enum Colour {
        RED
    }

    record Sorted<T extends Comparable<T>>(T least, List<? extends Comparable<T>> more) {}

    record Constant<E extends Enum<E>>(E constant) {}

    sealed interface Bounded {
        record Numbers(Sorted<Integer> sorted) implements Bounded {}

        record Colours(Constant<Colour> constant) implements Bounded {}
    }

    @Test
    void typesThatAreBoundedByThemselvesAreLookedAtOnce() throws IOException {
        try (TubePair<Bounded, Bounded> pair = Tube.pair(Bounded.class, Bounded.class)) {
            Bounded numbers = new Bounded.Numbers(new Sorted<>(1, List.of()));
            pair.first().send(numbers);
            assertThat(pair.second().receive()).isEqualTo(numbers);
            Bounded colours = new Bounded.Colours(new Constant<>(Colour.RED));
            pair.first().send(colours);
            assertThat(pair.second().receive()).isEqualTo(colours);
        }
    }

    @Test
    void depthIsAtLeastOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JacksonCodec.json(0))
                .withMessage("depth 0; give 1 or more, such as 64");
    }
}
