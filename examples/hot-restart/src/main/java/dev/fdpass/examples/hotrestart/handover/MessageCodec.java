package dev.fdpass.examples.hotrestart.handover;

import dev.fdpass.examples.hotrestart.service.Parcel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Messages to packets and back. The layout is that of {@code PROTOCOL.md}; numbers are big-endian. */
final class MessageCodec {
    /** What this program speaks. */
    static final int VERSION = 1;

    /** Bytes of a packet at most. */
    static final int MAX_PACKET = 9 + Parcel.MAX_UNREAD;

    private static final int MAGIC = 0x66644852; // fdHR
    private static final int MAX_REASON = 1024;

    private static final byte HELLO = 1;
    private static final byte LISTENER = 2;
    private static final byte READY = 3;
    private static final byte CONNECTION = 4;
    private static final byte ACK = 5;
    private static final byte DONE = 6;
    private static final byte FAILURE = 7;

    private MessageCodec() {}

    static ByteBuffer encode(Message message) {
        int unread = message instanceof Message.Connection connection
                ? connection.unread().remaining()
                : 0;
        ByteBuffer packet = ByteBuffer.allocate(1 + Math.max(MAX_REASON, Long.BYTES + unread));
        switch (message) {
            case Message.Hello hello ->
                packet.put(HELLO)
                        .putInt(MAGIC)
                        .putShort((short) hello.lowestVersion())
                        .putShort((short) hello.highestVersion());
            case Message.Listener listener -> packet.put(LISTENER).putShort((short) listener.version());
            case Message.Ready _ -> packet.put(READY);
            case Message.Connection connection ->
                packet.put(CONNECTION)
                        .putLong(connection.id())
                        .put(connection.unread().duplicate());
            case Message.Ack ack -> packet.put(ACK).putLong(ack.id());
            case Message.Done done -> packet.put(DONE).putLong(done.connections());
            case Message.Failure failure -> {
                byte[] reason = failure.reason().getBytes(StandardCharsets.UTF_8);
                packet.put(FAILURE).put(reason, 0, Math.min(reason.length, MAX_REASON));
            }
        }
        return packet.flip();
    }

    /**
     * Reads a packet.
     *
     * @param packet all its bytes
     * @param fdCount descriptors that came with it
     * @throws ProtocolException if it is no message, or has not as many descriptors as that message
     */
    static Message decode(ByteBuffer packet, int fdCount) throws ProtocolException {
        int size = packet.remaining();
        if (size == 0) {
            throw new ProtocolException("an empty packet");
        }
        byte type = packet.get();
        Message message = switch (type) {
            case HELLO -> {
                checkSize("HELLO", size, 9);
                int magic = packet.getInt();
                if (magic != MAGIC) {
                    throw new ProtocolException(
                            "HELLO begins with %08x, not %08x: it is of something else".formatted(magic, MAGIC));
                }
                yield new Message.Hello(version(packet), version(packet));
            }
            case LISTENER -> {
                checkSize("LISTENER", size, 3);
                yield new Message.Listener(version(packet));
            }
            case READY -> {
                checkSize("READY", size, 1);
                yield new Message.Ready();
            }
            case CONNECTION -> {
                if (size < 9 || size > MAX_PACKET) {
                    throw new ProtocolException("CONNECTION has " + size + " bytes, not 9 to " + MAX_PACKET);
                }
                yield new Message.Connection(packet.getLong(), rest(packet));
            }
            case ACK -> {
                checkSize("ACK", size, 9);
                yield new Message.Ack(packet.getLong());
            }
            case DONE -> {
                checkSize("DONE", size, 9);
                yield new Message.Done(packet.getLong());
            }
            case FAILURE ->
                new Message.Failure(StandardCharsets.UTF_8.decode(packet).toString());
            default -> throw new ProtocolException("a message of the unknown type " + type);
        };
        if (fdCount != message.fdCount()) {
            throw new ProtocolException(message.getClass().getSimpleName() + " came with " + fdCount
                    + " descriptors, not " + message.fdCount());
        }
        return message;
    }

    private static void checkSize(String name, int size, int expected) throws ProtocolException {
        if (size != expected) {
            throw new ProtocolException(name + " has " + size + " bytes, not " + expected);
        }
    }

    private static int version(ByteBuffer packet) {
        return Short.toUnsignedInt(packet.getShort());
    }

    private static ByteBuffer rest(ByteBuffer packet) {
        return ByteBuffer.wrap(Arrays.copyOfRange(
                packet.array(), packet.arrayOffset() + packet.position(), packet.arrayOffset() + packet.limit()));
    }
}
