package dev.fdpass.examples.hotrestart.handover;

import java.nio.ByteBuffer;

/** A message of the handover protocol. {@code PROTOCOL.md} says who sends which one when. */
sealed interface Message {
    /** Descriptors that go with it. */
    default int fdCount() {
        return 0;
    }

    /** From the successor: it is there, and speaks these versions. */
    record Hello(int lowestVersion, int highestVersion) implements Message {}

    /** From the old server, with the listening socket; and in which version all goes on. */
    record Listener(int version) implements Message {
        @Override
        public int fdCount() {
            return 1;
        }
    }

    /** From the successor: it is warm, and accepts. */
    record Ready() implements Message {}

    /**
     * From the old server, with a connection.
     *
     * @param unread what was read of it and not answered, from position to limit
     */
    record Connection(long id, ByteBuffer unread) implements Message {
        @Override
        public int fdCount() {
            return 1;
        }
    }

    /** From the successor: that connection is its own from now on. */
    record Ack(long id) implements Message {}

    /** From the old server: there are no more connections. From the successor: it has them all. */
    record Done(long connections) implements Message {}

    /** From either: why it goes no further. */
    record Failure(String reason) implements Message {}
}
