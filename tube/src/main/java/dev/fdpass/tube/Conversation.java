package dev.fdpass.tube;

import dev.fdpass.AsFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.frame.Frame;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.frame.Framing;
import dev.fdpass.json.IndexedFds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What all tubes are made of: frames, and messages of two types as their content. */
final class Conversation<S, R> {
    private final ScmSocket socket;
    private final FramedChannel channel;
    private final Terms terms;
    private final MessageFormat<S> sent;
    private final MessageFormat<R> received;

    Conversation(ScmSocket socket, Class<S> sent, Class<R> received, Terms terms) {
        MessageTypes.of(sent);
        MessageTypes.of(received);
        this.sent = terms.codec().format(sent);
        this.received = terms.codec().format(received);
        this.socket = socket;
        this.terms = terms;
        channel = FramedChannel.over(socket, Framing.lengthHeader(), terms.limits());
    }

    ScmSocket socket() {
        return socket;
    }

    FramedChannel channel() {
        return channel;
    }

    /** A frame to be: its bytes and its descriptors. */
    static final class Outgoing extends ByteArrayOutputStream {
        private final FdSink fds = new FdSink();

        ByteBuffer bytes() {
            return ByteBuffer.wrap(buf, 0, count);
        }

        FdSink sink() {
            return fds;
        }

        AsFd[] fds() {
            return fds.toArray();
        }
    }

    /** Adds a message to a frame. */
    void encode(S message, Outgoing to) throws IOException {
        sent.encode(message, to, to.sink());
    }

    void send(Outgoing frame) throws IOException {
        channel.send(frame.bytes(), frame.fds());
    }

    /** The message in the remaining bytes of a frame; it has all descriptors, or all are closed. */
    R decode(Frame frame) throws IOException {
        FdSource source = new FdSource(IndexedFds.of(frame), terms);
        boolean isDecoded = false;
        try {
            R message = received.decode(frame.data(), source);
            source.finish(message);
            isDecoded = true;
            return message;
        } catch (MessageException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new MessageException("what came cannot be decoded: " + e, e);
        } finally {
            if (!isDecoded) {
                source.abandon();
            }
        }
    }
}
