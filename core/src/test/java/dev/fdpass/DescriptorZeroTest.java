package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.linux.Descriptors;
import dev.fdpass.testing.Arrival;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.Door;
import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.Memfds;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DescriptorZeroTest {
    @ParameterizedTest
    @EnumSource(Door.class)
    @DisplayName(
            "R13: in a process that closed its standard input, a received descriptor has number 0 and works as any other")
    void zeroIsADescriptor(Door door) throws Exception {
        String output = ChildProcess.run(JavaProgram.onClassPath(Receiver.class, door.name()))
                .outputOfSuccess();
        assertThat(output).isEqualTo("0 open true same true; again 0; closed true\n");
    }

    /** Runs in the child. */
    static final class Receiver {
        private Receiver() {}

        public static void main(String[] arguments) throws IOException {
            Door door = Door.valueOf(arguments[0]);
            // Loading a class opens a file, which would take the free number: so everything runs once before.
            round(door, false);
            System.out.println(round(door, true));
        }

        private static String round(Door door, boolean closeInput) throws IOException {
            try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair();
                    Memfds files = new Memfds(1)) {
                String text;
                door.send(pair.first(), new byte[1], files.get(0));
                if (closeInput) {
                    OwnedFd.adopt(0).close();
                }
                try (Arrival arrival = door.receive(pair.second(), 1, 1)) {
                    OwnedFd fd = arrival.fds().getFirst();
                    text = fd.number() + " open " + fd.isOpen() + " same "
                            + fd.info().isSameFile(files.get(0).asFd().info());
                    pair.first().send(ByteBuffer.allocate(1), fd);
                }
                try (Received received = pair.second().receive(1, 1);
                        OwnedFd again = received.takeFd(0)) {
                    text += "; again " + again.number();
                }
                pair.first().send(ByteBuffer.allocate(1), files.get(0));
                pair.second().receive(1, 1).close();
                return text + "; closed " + isClosed(0);
            }
        }

        private static boolean isClosed(int number) {
            return Descriptors.getFlags(number) < 0;
        }
    }
}
