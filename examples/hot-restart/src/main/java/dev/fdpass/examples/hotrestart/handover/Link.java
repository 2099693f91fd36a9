package dev.fdpass.examples.hotrestart.handover;

import dev.fdpass.AsFd;
import dev.fdpass.ErrnoException;
import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.RejectedFdException;
import dev.fdpass.UnixSeqpacket;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The seqpacket connection between the two servers, in messages. For one thread. */
final class Link implements Closeable {
    private final UnixSeqpacket socket;

    /**
     * A link.
     *
     * @param socket belongs to the link
     * @param patience how long to wait for the other at most
     */
    Link(UnixSeqpacket socket, Duration patience) {
        this.socket = socket;
        socket.setReceiveTimeout(patience);
        socket.setSendTimeout(patience);
    }

    /** A message that came, and its descriptors, which belong to whoever has this. */
    record Arrival(Message message, List<OwnedFd> fds) {}

    void send(Message message, AsFd... fds) throws IOException {
        socket.send(MessageCodec.encode(message), fds);
    }

    /**
     * The next message.
     *
     * @param expected what its descriptors must be
     * @throws EOFException if the other has ended or closed the link
     * @throws ProtocolException if it is none, or a {@link Message.Failure}
     */
    Arrival receive(Expect... expected) throws IOException {
        try (Received received = receivePacket()) {
            if (received.isEndOfStream()) {
                throw new EOFException("the other server is gone");
            }
            if (received.isPayloadTruncated()) {
                throw new ProtocolException(
                        "a packet of " + received.packetBytes() + " bytes, more than " + MessageCodec.MAX_PACKET);
            }
            Message message = MessageCodec.decode(received.data(), received.fdCount());
            if (message instanceof Message.Failure failure) {
                throw new ProtocolException("the other server says: " + failure.reason());
            }
            Expect[] ofThis = message.fdCount() == 0 ? new Expect[0] : expected;
            return new Arrival(message, received.takeExactly(ofThis));
        }
    }

    /**
     * Whether there is an ACK in what the other has sent; to be asked when it is dead, for this reads to the end. What else
     * there is, and whatever it is, does not matter then.
     *
     * @param id the connection
     */
    boolean endsWithAck(long id) {
        while (true) {
            try {
                Arrival arrival = receive();
                if (arrival.message() instanceof Message.Ack ack && ack.id() == id) {
                    return true;
                }
            } catch (ProtocolException | RejectedFdException e) {
                // An ACK may come behind it.
            } catch (IOException e) {
                return false; // the end
            }
        }
    }

    /**
     * When the other ends with packets of ours unread, the kernel first tells an error, once. What it had sent before is
     * still there, and matters: it may be an ACK.
     */
    private Received receivePacket() throws IOException {
        try {
            return socket.receive(MessageCodec.MAX_PACKET, 1);
        } catch (ErrnoException e) {
            if (!e.name().equals("ECONNRESET")) {
                throw e;
            }
            return socket.receive(MessageCodec.MAX_PACKET, 1);
        }
    }

    /** Whether what failed says that the other end is gone: which error it is, is chance. */
    static boolean isGone(ErrnoException e) {
        return e.name().equals("EPIPE") || e.name().equals("ECONNRESET");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
