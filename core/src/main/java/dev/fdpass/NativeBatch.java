package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.MSG_CMSG_CLOEXEC;
import static dev.fdpass.linux.SocketConstants.MSG_DONTWAIT;
import static dev.fdpass.linux.SocketConstants.MSG_TRUNC;

import dev.fdpass.linux.Holds;
import dev.fdpass.linux.MessageBatch;
import java.io.IOException;

/** Several messages that go, or come, with one system call. Not thread-safe; its {@link ScmBatch} sees to that. */
final class NativeBatch implements Outgoing, Incoming {
    private final NativeMessage[] messages;
    private final MessageBatch headers;
    private final Holds holds = new Holds();
    private final Runs runs;

    /** Messages of this sending that have gone; what is after them is still to go. */
    private int sent;
    /** How many are to be sent in all. */
    private int count;

    NativeBatch(NativeMessage[] messages) {
        this.messages = messages;
        headers = new MessageBatch(messages.length);
        runs = new Runs(headers.errno());
    }

    int sent() {
        return sent;
    }

    // ---- Sending

    void toSend(int messagesToSend) {
        count = messagesToSend;
    }

    @Override
    public void prepareSend(Exchange exchange) {
        for (int i = sent; i < count; i++) {
            messages[i].prepareSend(exchange);
        }
    }

    /**
     * One {@code sendmmsg(2)} of those that have not gone. A message that cannot be sent does not keep back those before it:
     * they go now, and it tells why once it is the first.
     */
    @Override
    public long trySend(int socket) {
        int begun = sent;
        holds.clear();
        try {
            while (begun < count && (begun == sent || messages[begun].canBegin())) {
                NativeMessage message = messages[begun];
                message.beginSend();
                begun++;
                headers.load(begun - 1, message.block());
                holds.addAll(message.holds());
            }
            return headers.sendmmsg(socket, sent, begun - sent, NativeMessage.FLAGS, holds);
        } finally {
            while (begun > sent) {
                messages[--begun].endSend();
            }
        }
    }

    @Override
    public boolean sent(long result, Exchange exchange) {
        int end = sent + (int) result;
        for (int i = sent; i < end; i++) {
            if (!messages[i].sent(headers.length(i), exchange)) {
                end = i; // of a stream, the last one: a part of it is still to go
            }
        }
        sent = end;
        if (sent < count) {
            return false;
        }
        sent = 0;
        return true;
    }

    @Override
    public long sentBytes() {
        return messages[sent].sentBytes();
    }

    @Override
    public IOException sendError(long result, Exchange exchange) {
        return messages[sent].sendError(result, exchange);
    }

    // ---- Receiving

    @Override
    public void prepareReceive(Exchange exchange) {
        for (NativeMessage message : messages) {
            message.checkReceive(exchange);
        }
        closeHeld();
        for (NativeMessage message : messages) {
            message.makeRoom();
        }
    }

    /** One {@code recvmmsg(2)}: how many came, or the negated error number. */
    @Override
    public long tryReceive(int socket, Exchange exchange) {
        holds.clear();
        for (int i = 0; i < messages.length; i++) {
            messages[i].beginReceive(exchange);
            headers.load(i, messages[i].block());
            holds.addAll(messages[i].holds());
        }
        int flags = MSG_DONTWAIT | MSG_CMSG_CLOEXEC | (exchange.isStream() ? 0 : MSG_TRUNC);
        long result = headers.recvmmsg(socket, messages.length, flags, holds);
        // Before anything else: from here on the descriptors have owners, whatever is thrown.
        for (int i = 0; i < result; i++) {
            headers.store(i, messages[i].block());
            messages[i].own(exchange);
        }
        return result;
    }

    /** Notes what came, up to the end of the stream, which the kernel repeats as often as there are messages left. */
    @Override
    public int came(long result, int socket, Exchange exchange) throws IOException {
        int packets = exchange.isStream() ? 0 : packets((int) result);
        for (int i = 0; i < packets; i++) {
            messages[i].packetCame(headers.length(i), socket, exchange);
        }
        for (int i = packets; i < result; i++) {
            if (messages[i].came(headers.length(i), socket, exchange) == Exchange.ENDED) {
                return i;
            }
        }
        return (int) result;
    }

    /** Up to the last that brought something: an empty one before it was no end. */
    private int packets(int count) {
        while (count > 0 && headers.length(count - 1) == 0 && messages[count - 1].broughtNothing()) {
            count--;
        }
        return count;
    }

    @Override
    public void ended() {}

    @Override
    public String receiveCall() {
        return "recvmmsg";
    }

    private void closeHeld() {
        for (NativeMessage message : messages) {
            message.held().closeAll(runs);
        }
        runs.close();
    }

    // ---- The end

    void clear() {
        sent = 0;
        closeHeld();
        for (NativeMessage message : messages) {
            message.clear();
        }
    }
}
