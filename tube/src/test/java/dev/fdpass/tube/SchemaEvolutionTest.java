package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fdpass.EventFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.TestFiles;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two ends that were built from different versions of the same messages: the rules of docs/tube.md. */
class SchemaEvolutionTest {
    /** A tube from one version to another. */
    private record Versions<S, R>(Tube<S, S> sender, Tube<R, R> receiver) implements Closeable {
        static <S, R> Versions<S, R> of(Class<S> sender, Class<R> receiver) throws IOException {
            SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
            return new Versions<>(
                    Tube.over(pair.first(), sender, sender), Tube.over(pair.second(), receiver, receiver));
        }

        R pass(S message) throws IOException {
            sender.send(message);
            return receiver.receive();
        }

        @Override
        public void close() throws IOException {
            try (receiver) {
                sender.close();
            }
        }
    }

    record Old(String name) {}

    record WithData(String name, int level, List<String> tags) {}

    @Test
    void aMemberThatIsUnknownIsIgnored() throws IOException {
        try (Versions<WithData, Old> versions = Versions.of(WithData.class, Old.class)) {
            assertThat(versions.pass(new WithData("x", 3, List.of("a")))).isEqualTo(new Old("x"));
        }
    }

    record WithFile(String name, OwnedFd file, List<OwnedFd> files) {}

    @Test
    void butNotIfADescriptorStandsInIt() throws IOException {
        try (Versions<WithFile, Old> versions = Versions.of(WithFile.class, Old.class);
                OwnedFd file = TestFiles.holding("x")) {
            assertThat(versions.pass(new WithFile("x", null, List.of()))).isEqualTo(new Old("x"));
            for (WithFile each : List.of(new WithFile("x", file, null), new WithFile("x", null, List.of(file)))) {
                assertThatExceptionOfType(MessageException.class)
                        .isThrownBy(() -> versions.pass(each))
                        .withMessage("1 descriptors came, and descriptor 0 is named by no member that is known here");
            }
        }
    }

    record Everything(
            String name,
            OwnedFd file,
            int number,
            boolean flag,
            Integer boxed,
            Optional<String> optional,
            Optional<OwnedFd> maybeFile,
            OptionalInt maybe,
            List<OwnedFd> list,
            Set<String> set,
            Map<String, OwnedFd> map,
            ToWorker inner) {}

    @Test
    void aMemberThatIsMissingIsNullZeroOrEmpty() throws IOException {
        Everything empty = new Everything(
                "x",
                null,
                0,
                false,
                null,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(),
                Set.of(),
                Map.of(),
                null);
        try (Versions<Old, Everything> versions = Versions.of(Old.class, Everything.class)) {
            assertThat(versions.pass(new Old("x"))).isEqualTo(empty);
        }
        try (RawPeer<Everything, Everything> peer = RawPeer.of(SocketType.STREAM, Everything.class, Everything.class)) {
            peer.send("""
                    {"name":"x","file":null,"number":null,"flag":null,"boxed":null,"optional":null,"maybeFile":null,
                    "maybe":null,"list":null,"set":null,"map":null,"inner":null}""");
            assertThat(peer.tube().receive()).as("null is as missing").isEqualTo(empty);
        }
    }

    sealed interface OldFamily {
        record A(int x) implements OldFamily {}
    }

    sealed interface NewFamily {
        record A(int x) implements NewFamily {}

        record B(OwnedFd file) implements NewFamily {}
    }

    record OldList(List<OldFamily> all) {}

    record NewList(List<NewFamily> all) {}

    @Test
    void aRecordThatIsUnknownIsToldByItsName() throws IOException {
        try (Versions<NewFamily, OldFamily> versions = Versions.of(NewFamily.class, OldFamily.class);
                OwnedFd file = TestFiles.holding("x")) {
            assertThat(versions.pass(new NewFamily.A(1))).isEqualTo(new OldFamily.A(1));
            assertThatExceptionOfType(UnknownMessageException.class)
                    .isThrownBy(() -> versions.pass(new NewFamily.B(file)))
                    .withMessage("\"B\" is unknown; known are [A]")
                    .satisfies(e -> assertThat(e.name()).isEqualTo("B"));
            assertThat(versions.pass(new NewFamily.A(2))).isEqualTo(new OldFamily.A(2));
        }
        try (Versions<NewList, OldList> versions = Versions.of(NewList.class, OldList.class);
                OwnedFd file = TestFiles.holding("x")) {
            assertThatExceptionOfType(UnknownMessageException.class)
                    .isThrownBy(() -> versions.pass(new NewList(List.of(new NewFamily.A(1), new NewFamily.B(file)))))
                    .withMessage("\"B\" at all[1] is unknown; known are [A]");
        }
    }

    sealed interface Renamed {
        @JsonTypeName("A")
        record Better(@JsonProperty("x") int value) implements Renamed {}
    }

    sealed interface Alias {
        record A(@JsonAlias("x") int value) implements Alias {}
    }

    @Test
    void aRecordOrMemberThatIsRenamedKeepsItsNameOnTheWire() throws IOException {
        try (Versions<Renamed, OldFamily> there = Versions.of(Renamed.class, OldFamily.class);
                Versions<OldFamily, Renamed> back = Versions.of(OldFamily.class, Renamed.class);
                Versions<OldFamily, Alias> alias = Versions.of(OldFamily.class, Alias.class)) {
            assertThat(there.pass(new Renamed.Better(5))).isEqualTo(new OldFamily.A(5));
            assertThat(back.pass(new OldFamily.A(5))).isEqualTo(new Renamed.Better(5));
            assertThat(alias.pass(new OldFamily.A(5))).isEqualTo(new Alias.A(5));
        }
    }

    record TwoNames(@JsonAlias("old") OwnedFd file) {}

    @Test
    void aDescriptorUnderBothNamesIsRefused() throws IOException {
        try (RawPeer<TwoNames, TwoNames> peer = RawPeer.of(SocketType.STREAM, TwoNames.class, TwoNames.class);
                OwnedFd file = TestFiles.holding("x")) {
            peer.send("{\"file\":0,\"old\":1}", file, file);
            assertThatExceptionOfType(MessageException.class)
                    .isThrownBy(peer.tube()::receive)
                    .withMessageContaining("at old: ");
        }
    }

    record Any(OwnedFd fd) {}

    record Exact(EventFd fd) {}

    record Maybe(Optional<OwnedFd> fd) {}

    @Test
    void aDescriptorMayBecomeMoreExactOrOptional() throws IOException {
        try (Versions<Any, Exact> exact = Versions.of(Any.class, Exact.class);
                Versions<Exact, Any> any = Versions.of(Exact.class, Any.class);
                Versions<Any, Maybe> maybe = Versions.of(Any.class, Maybe.class);
                Versions<Maybe, Any> surely = Versions.of(Maybe.class, Any.class);
                EventFd bell = EventFd.create(3);
                OwnedFd file = TestFiles.holding("x")) {
            try (EventFd received = exact.pass(new Any(bell.asFd())).fd()) {
                assertThat(received.tryRead()).hasValue(3);
            }
            assertThatExceptionOfType(MessageException.class).isThrownBy(() -> exact.pass(new Any(file)));
            any.pass(new Exact(bell)).fd().close();
            maybe.pass(new Any(file)).fd().orElseThrow().close();
            surely.pass(new Maybe(Optional.of(file))).fd().close();
            assertThat(maybe.pass(new Any(null))).isEqualTo(new Maybe(Optional.empty()));
            assertThat(surely.pass(new Maybe(Optional.empty()))).isEqualTo(new Any(null));
        }
    }

    record Narrow(int value) {}

    record Wide(long value) {}

    record Text(String value) {}

    @Test
    void aNumberMayBecomeWiderButNotText() throws IOException {
        try (Versions<Narrow, Wide> wider = Versions.of(Narrow.class, Wide.class);
                Versions<Wide, Narrow> narrower = Versions.of(Wide.class, Narrow.class);
                Versions<Narrow, Text> text = Versions.of(Narrow.class, Text.class);
                Versions<Text, Narrow> number = Versions.of(Text.class, Narrow.class)) {
            assertThat(wider.pass(new Narrow(5))).isEqualTo(new Wide(5));
            assertThat(narrower.pass(new Wide(5))).isEqualTo(new Narrow(5));
            assertThatExceptionOfType(MessageException.class)
                    .isThrownBy(() -> narrower.pass(new Wide(1L << 40)))
                    .withMessageContaining("out of range of int");
            assertThatExceptionOfType(MessageException.class)
                    .isThrownBy(() -> text.pass(new Narrow(5)))
                    .withMessageContaining("at value");
            assertThatExceptionOfType(MessageException.class)
                    .isThrownBy(() -> number.pass(new Text("5")))
                    .withMessageContaining("at value");
        }
    }
}
