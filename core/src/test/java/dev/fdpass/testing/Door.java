package dev.fdpass.testing;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The two doors to the engine, for tests of what holds for both. */
public enum Door {
    CONVENIENT {
        @Override
        public int send(ScmSocket socket, byte[] bytes, AsFd... fds) throws IOException {
            return socket.send(ByteBuffer.wrap(bytes), fds);
        }

        @Override
        public Arrival receive(ScmSocket socket, int maxBytes, int maxFds) throws IOException {
            try (Received received = socket.receive(maxBytes, maxFds)) {
                byte[] data = new byte[received.data().remaining()];
                received.data().get(data);
                return new Arrival(
                        received.bytes(),
                        data,
                        received.takeFds(),
                        received.isPayloadTruncated(),
                        received.isControlTruncated());
            }
        }
    },
    REUSABLE {
        @Override
        public int send(ScmSocket socket, byte[] bytes, AsFd... fds) throws IOException {
            try (ScmMessage message = ScmMessage.allocate(bytes.length, fds.length)) {
                message.payload().put(bytes);
                for (AsFd fd : fds) {
                    message.addFd(fd);
                }
                socket.send(message);
                return bytes.length;
            }
        }

        @Override
        public Arrival receive(ScmSocket socket, int maxBytes, int maxFds) throws IOException {
            try (ScmMessage message = ScmMessage.allocate(maxBytes, maxFds)) {
                socket.receive(message);
                byte[] data = new byte[message.payload().remaining()];
                message.payload().get(data);
                List<OwnedFd> fds = message.takeFds();
                return new Arrival(
                        message.bytes(), data, fds, message.isPayloadTruncated(), message.isControlTruncated());
            }
        }
    };

    /** Each type of socket with each door. A test names a method of its own package that gives this: JUnit may call no other. */
    public static Stream<Arguments> withEachType() {
        return Stream.of(SocketType.values())
                .flatMap(type -> Stream.of(Door.values()).map(door -> Arguments.of(type, door)));
    }

    public abstract int send(ScmSocket socket, byte[] bytes, AsFd... fds) throws IOException;

    public abstract Arrival receive(ScmSocket socket, int maxBytes, int maxFds) throws IOException;
}
