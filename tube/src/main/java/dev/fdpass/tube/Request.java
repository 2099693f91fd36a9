package dev.fdpass.tube;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A request that wants one answer, from any thread. The descriptors in its message belong to who received it.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 */
public final class Request<Q, A> {
    private final ReplyTube<Q, A> tube;
    private final long id;
    private final Q message;
    private final AtomicBoolean isAnswered = new AtomicBoolean();
    /** Why the last answer was not sent. */
    private volatile @Nullable IOException unsent;

    Request(ReplyTube<Q, A> tube, long id, Q message) {
        this.tube = tube;
        this.id = id;
        this.message = message;
    }

    /** {@return what is asked} */
    public Q message() {
        return message;
    }

    /**
     * Answers.
     *
     * @param answer the answer; its descriptors are borrowed
     * @throws IllegalArgumentException as for {@link Tube#send}; the request can still be answered otherwise
     * @throws IllegalStateException if it was answered already
     * @throws IOException as for {@link Tube#send}; unless a part of the answer has gone, the request can still be answered
     *     otherwise
     */
    public void reply(A answer) throws IOException {
        answer(() -> tube.reply(id, answer));
    }

    /**
     * Answers that there is no answer: who asked gets a {@link RequestFailedException}.
     *
     * @param why the reason, for people; its first 16 KiB are sent
     * @throws IllegalStateException if it was answered already
     * @throws IOException as for {@link Tube#send}; who asked does not know, and waits
     */
    public void fail(String why) throws IOException {
        answer(() -> tube.fail(id, why));
    }

    private interface Answer {
        void send() throws IOException;
    }

    private void answer(Answer answer) throws IOException {
        if (!isAnswered.compareAndSet(false, true)) {
            throw new IllegalStateException("the request is answered already");
        }
        boolean isSent = false;
        try {
            answer.send();
            isSent = true;
        } catch (IOException e) {
            unsent = e;
            throw e;
        } finally {
            if (!isSent) {
                isAnswered.set(false); // should a part have gone, the next attempt will say so
            }
        }
    }

    /** Why the last answer was not sent; null if it was, or could not even be tried. */
    @Nullable
    IOException unsent() {
        return unsent;
    }

    /** {@return whether it was answered, one way or the other} */
    public boolean isAnswered() {
        return isAnswered.get();
    }
}
