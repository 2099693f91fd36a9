package dev.fdpass;

import static dev.fdpass.ScmOption.SO_PASSCRED;
import static dev.fdpass.ScmOption.SO_PASSPIDFD;
import static dev.fdpass.ScmOption.SO_TIMESTAMPNS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.linux.Descriptors;
import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.SocketType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** So many descriptors sent to one who has room for so many, where options of the socket claim room of their own. */
class SentAndRoomMatrixTest {
    private static final int[] COUNTS = {0, 1, 2, 3, 4, 5, 31, 32, 33, 34, 252, 253};

    static Stream<Arguments> typesDoorsAndOptions() {
        List<Set<ScmOption>> all = List.of(
                Set.of(),
                Set.of(SO_PASSCRED),
                Set.of(SO_PASSPIDFD),
                Set.of(SO_TIMESTAMPNS),
                Set.of(SO_PASSCRED, SO_PASSPIDFD),
                Set.of(SO_PASSCRED, SO_PASSPIDFD, SO_TIMESTAMPNS));
        List<Arguments> arguments = new ArrayList<>();
        for (SocketType type : SocketType.values()) {
            for (Door door : Door.values()) {
                for (Set<ScmOption> options : all) {
                    if (type != SocketType.STREAM || !options.contains(SO_TIMESTAMPNS)) { // which streams do not have
                        arguments.add(Arguments.of(type, door, options));
                    }
                }
            }
        }
        return arguments.stream();
    }

    @ParameterizedTest
    @MethodSource("typesDoorsAndOptions")
    @DisplayName(
            "R01 R02 R03 R05: exactly min(sent, room) arrive, in order, close-on-exec, and it says if some did not")
    void exactlyAsManyAsFit(SocketType type, Door door, Set<ScmOption> options) throws IOException {
        try (Memfds files = new Memfds(253);
                SocketPair<? extends ScmSocket> pair = type.pair()) {
            for (ScmOption option : options) {
                pair.second().setOption(option, true);
            }
            int before = OpenFiles.count();
            for (int sent : COUNTS) {
                for (int room : COUNTS) {
                    door.send(pair.first(), new byte[] {(byte) sent, (byte) room}, files.first(sent));
                    try (Arrival arrival = door.receive(pair.second(), 8, room)) {
                        assertThat(arrival.data()).containsExactly(sent, room);
                        assertArrived(arrival, sent, room, files);
                    }
                }
            }
            OpenFiles.awaitCount(before);
        }
    }

    private static void assertArrived(Arrival arrival, int sent, int room, Memfds files) throws IOException {
        String what = "%d sent, room for %d".formatted(sent, room);
        assertThat(arrival.fds()).as(what).hasSize(Math.min(sent, room));
        assertThat(arrival.controlTruncated()).as(what).isEqualTo(sent > room);
        assertThat(arrival.payloadTruncated()).as(what).isFalse();
        files.assertFirstOnesAre(arrival.fds());
        for (OwnedFd fd : arrival.fds()) {
            assertThat(Descriptors.getFlags(fd.number()))
                    .as("%s: FD_CLOEXEC", what)
                    .isEqualTo(1);
        }
    }
}
