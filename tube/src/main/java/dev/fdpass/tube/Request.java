package dev.fdpass.tube;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

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
     * @throws IOException as for {@link Tube#send}
     */
    public void reply(A answer) throws IOException {
        begin();
        try {
            tube.reply(id, answer);
        } catch (IllegalArgumentException e) {
            isAnswered.set(false); // nothing was sent
            throw e;
        }
    }

    /**
     * Answers that there is no answer: who asked gets a {@link RequestFailedException}.
     *
     * @param why the reason, for people
     * @throws IllegalStateException if it was answered already
     * @throws IOException as for {@link Tube#send}
     */
    public void fail(String why) throws IOException {
        begin();
        tube.fail(id, why);
    }

    private void begin() {
        if (!isAnswered.compareAndSet(false, true)) {
            throw new IllegalStateException("the request is answered already");
        }
    }

    /** {@return whether it was answered, one way or the other} */
    public boolean isAnswered() {
        return isAnswered.get();
    }
}
