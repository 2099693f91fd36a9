package dev.fdpass;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The two doors to the engine, for tests of what holds for both. */
enum Door {
    CONVENIENT {
        @Override
        int send(ScmSocket socket, byte[] bytes, AsFd... fds) throws IOException {
            return socket.send(ByteBuffer.wrap(bytes), fds);
        }

        @Override
        Arrival receive(ScmSocket socket, int maxBytes, int maxFds) throws IOException {
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
        int send(ScmSocket socket, byte[] bytes, AsFd... fds) throws IOException {
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
        Arrival receive(ScmSocket socket, int maxBytes, int maxFds) throws IOException {
            try (ScmMessage message = ScmMessage.allocate(maxBytes, maxFds)) {
                socket.receive(message);
                byte[] data = new byte[message.payload().remaining()];
                message.payload().get(data);
                List<OwnedFd> fds = new ArrayList<>();
                for (int i = 0; i < message.fdCount(); i++) {
                    fds.add(message.takeFd(i));
                }
                return new Arrival(
                        message.bytes(), data, fds, message.isPayloadTruncated(), message.isControlTruncated());
            }
        }
    };

    abstract int send(ScmSocket socket, byte[] bytes, AsFd... fds) throws IOException;

    abstract Arrival receive(ScmSocket socket, int maxBytes, int maxFds) throws IOException;
}
