package dev.fdpass.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.testing.Memfds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The framings, and what a frame looks like on a stream in each: written down a second time, for raw peers. */
enum Wire {
    HEADER {
        @Override
        Framing framing() {
            return Framing.lengthHeader();
        }

        @Override
        byte[] frame(byte[] content, int fds) {
            return ByteBuffer.allocate(12 + content.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) 'F')
                    .put((byte) 'd')
                    .put((byte) 1)
                    .put((byte) 0)
                    .putInt(content.length)
                    .putInt(fds)
                    .put(content)
                    .array();
        }
    },
    NUL {
        @Override
        Framing framing() {
            return Framing.nulTerminated();
        }

        @Override
        byte[] frame(byte[] content, int fds) {
            return ByteBuffer.allocate(content.length + 1).put(content).array();
        }
    },
    JSON {
        @Override
        Framing framing() {
            return Framing.selfDelimitingJson();
        }

        @Override
        byte[] frame(byte[] content, int fds) {
            return content;
        }
    };

    abstract Framing framing();

    abstract byte[] frame(byte[] content, int fds);

    /** A content that goes with every framing. */
    static byte[] content(int number, int fds) {
        return ("{\"n\":" + number + ",\"fds\":" + fds + "}").getBytes(UTF_8);
    }

    /** As {@link #content(int, int)}, with so many bytes more. */
    static byte[] content(int number, int fds, int more) {
        return ("{\"n\":" + number + ",\"fds\":" + fds + ",\"text\":\"" + "x".repeat(more) + "\"}").getBytes(UTF_8);
    }

    byte[] frame(int number, int fds) {
        return frame(content(number, fds), fds);
    }

    /** Asserts that a frame has this content and the first so many files, which are closed. */
    static void assertFrame(Frame frame, byte[] content, Memfds files, int fds) throws IOException {
        try (frame) {
            assertThat(frame.isEndOfStream()).as("end of stream").isFalse();
            assertThat(bytes(frame.data())).asString(UTF_8).isEqualTo(new String(content, UTF_8));
            assertThat(frame.fdCount()).isEqualTo(fds);
            List<OwnedFd> taken = frame.takeFds();
            try {
                assertThat(taken).hasSize(fds);
                files.assertFirstOnesAre(taken);
            } finally {
                for (OwnedFd fd : taken) {
                    fd.close();
                }
            }
        }
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
