package dev.fdpass;

import dev.fdpass.linux.MessageBatch;
import java.util.List;
import java.util.stream.Stream;

/**
 * Several reusable messages that go, or come, with one system call, for those who have many at once:
 *
 * <pre>{@code
 * try (var batch = ScmBatch.allocate(32, 64, 1)) {        // messages, bytes of each, descriptors of each
 *     for (ScmMessage message : batch.messages()) {
 *         message.payload().put(bytes);
 *     }
 *     socket.sendAll(batch, 32);
 *     int came = socket.receiveAll(batch);                // waits for the first, and takes what else is there
 * }
 * }</pre>
 *
 * <p>Each message is used as any {@link ScmMessage}, also alone. If one of them cannot be sent, those before it have gone;
 * {@link #sent} says how many, and to send again goes on with it. Sending and receiving allocate nothing. For one thread at
 * a time, as its messages are. Man pages: {@code sendmmsg(2)}, {@code recvmmsg(2)}.
 */
public final class ScmBatch implements AutoCloseable {
    /** Most messages in one batch, the kernel's {@code UIO_MAXIOV}: {@value}. */
    public static final int MAX_MESSAGES = MessageBatch.MAX_MESSAGES;

    private final List<ScmMessage> messages;
    private final NativeBatch batch;

    private ScmBatch(List<ScmMessage> messages) {
        this.messages = messages;
        batch = new NativeBatch(messages.stream().map(ScmMessage::content).toArray(NativeMessage[]::new));
    }

    /**
     * A batch of empty messages.
     *
     * @param messages how many, 1 to {@value #MAX_MESSAGES}
     * @param payloadBytes bytes of each one's own memory, 0 or more
     * @param maxFds most descriptors of each to send or receive, 0 to {@value ScmMessage#SCM_MAX_FDS}
     * @return the batch
     */
    public static ScmBatch allocate(int messages, int payloadBytes, int maxFds) {
        if (messages < 1 || messages > MAX_MESSAGES) {
            throw new IllegalArgumentException(
                    messages + " messages; a batch has 1 to " + MAX_MESSAGES + ", the rest must go in another");
        }
        return new ScmBatch(Stream.generate(() -> ScmMessage.allocate(payloadBytes, maxFds))
                .limit(messages)
                .toList());
    }

    /** {@return the messages, always the same} */
    public List<ScmMessage> messages() {
        return messages;
    }

    /**
     * One of the messages.
     *
     * @param index from 0
     * @return always the same one
     */
    public ScmMessage message(int index) {
        return messages.get(index);
    }

    /**
     * Where a send did not get to the last message, the next one goes on after this one, unless {@link #clear} empties the
     * batch; to empty each message alone does not change it.
     *
     * @return messages that have gone then; else 0
     */
    public int sent() {
        return batch.sent();
    }

    /** Empties all messages for the next use; what was not sent of them is not sent any more. */
    public void clear() {
        NativeBatch content = enterAll();
        try {
            content.clear();
        } finally {
            exit(messages.size());
        }
    }

    /** Closes received descriptors that nobody took. */
    @Override
    public void close() {
        for (ScmMessage message : messages) {
            message.close();
        }
    }

    // ---- For the sockets

    NativeBatch enterToSend(int count) {
        if (count < 1 || count > messages.size()) {
            throw new IllegalArgumentException(
                    count + " messages to send; this batch has " + messages.size() + ", give 1 to that");
        }
        enter(count);
        int sent = batch.sent();
        if (count <= sent) {
            exit(count);
            throw new IllegalArgumentException(sent + " messages of this batch have gone already; give more than"
                    + " that to send the rest, or clear() it to begin anew");
        }
        batch.toSend(count);
        return batch;
    }

    NativeBatch enterAll() {
        enter(messages.size());
        return batch;
    }

    private void enter(int count) {
        int entered = 0;
        try {
            while (entered < count) {
                messages.get(entered).enter();
                entered++;
            }
        } finally {
            if (entered < count) {
                exit(entered);
            }
        }
    }

    /** Ends what entering so many, or all, began. */
    void exit(int count) {
        for (int i = 0; i < count; i++) {
            messages.get(i).exit();
        }
    }
}
