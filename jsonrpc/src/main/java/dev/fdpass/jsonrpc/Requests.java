package dev.fdpass.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Requests of this end that wait for their answers. */
final class Requests {
    private final CallRunner runner;
    private final AtomicLong nextId = new AtomicLong(1);
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    /**
     * Requests for which nobody waits any more and whose answers are still to come. The peer may be unable to go on before they
     * were received.
     */
    private int abandoned;

    private volatile boolean isEnded;

    Requests(CallRunner runner) {
        this.runner = runner;
    }

    /** What comes back. */
    sealed interface Answer {
        record Good(Reply reply) implements Answer {}

        record Failure(Message.Failure error) implements Answer {}

        record Bad(String why) implements Answer {}

        /** Nothing: the connection has ended. */
        record None() implements Answer {}
    }

    /** One request. What arrives and is not returned by {@link #await} is closed with it. */
    final class Waiting implements AutoCloseable {
        private final long id = nextId.getAndIncrement();
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        long id() {
            return id;
        }

        Answer await(Duration timeout, long begin) throws IOException {
            try {
                long nanos = TimeUnit.NANOSECONDS.convert(timeout); // Long.MAX_VALUE if there are more
                Answer arrived = timeout.isZero()
                        ? answer.get()
                        : answer.get(nanos - (System.nanoTime() - begin), TimeUnit.NANOSECONDS);
                return taken(arrived);
            } catch (TimeoutException e) {
                Answer late = giveUp();
                if (late != null) {
                    return late;
                }
                throw new SocketTimeoutException("no answer came within " + timeout);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                Answer late = giveUp();
                if (late != null) {
                    return late;
                }
                throw new InterruptedIOException("interrupted while waiting for the answer");
            } catch (ExecutionException e) {
                throw new IllegalStateException(e); // nothing completes it so
            }
        }

        /** Whether the answer is still to come, now that nobody waits for it. */
        private boolean isAbandoned() {
            lock.lock();
            try {
                boolean isToCome = waiting.remove(id) != null && isSent;
                if (isToCome) {
                    abandoned++;
                }
                return isToCome;
            } finally {
                lock.unlock();
            }
        }

        /** Waits no longer: the answer that came nevertheless, or null. */
        private @Nullable Answer giveUp() {
            return answer.cancel(false) ? null : taken(answer.join());
        }

        private Answer taken(Answer arrived) {
            isTaken = true;
            return arrived;
        }

        private boolean isTaken;
        private boolean isSent;

        /** Notes that the peer has the request, and will answer it. */
        void sent() {
            isSent = true;
        }

        @Override
        public void close() {
            if (!isAbandoned()) {
                runner.requestEnds();
            }
            if (!isTaken && !answer.cancel(false) && answer.join() instanceof Answer.Good(Reply reply)) {
                reply.drop();
            }
        }
    }

    /** Begins to wait for an answer; at the end of the connection it comes at once, and is none. */
    Waiting begin() {
        Waiting request = new Waiting();
        runner.requestBegins();
        waiting.put(request.id(), request);
        if (isEnded) {
            boolean unused = request.answer.complete(new Answer.None());
        }
        return request;
    }

    /**
     * Gives an answer to the request with that id.
     *
     * @return whether somebody has it now; else nobody waits for it, any more or at all
     */
    boolean answer(JsonNode id, Answer answer) {
        Long number = number(id);
        if (number == null) {
            return false;
        }
        Waiting request = remove(number);
        return request != null && request.answer.complete(answer);
    }

    private @Nullable Waiting remove(long id) {
        lock.lock();
        try {
            Waiting request = waiting.remove(id);
            if (request == null && abandoned > 0 && 0 < id && id < nextId.get()) {
                abandoned--;
                runner.requestEnds();
            }
            return request;
        } finally {
            lock.unlock();
        }
    }

    /** A whole number, however it is written: some peers have no others than {@code 1.0}. */
    private static @Nullable Long number(JsonNode id) {
        if (!id.isNumber()) {
            return null;
        }
        try {
            return id.isIntegralNumber()
                    ? id.bigIntegerValue().longValueExact()
                    : id.decimalValue().longValueExact();
        } catch (ArithmeticException e) {
            return null; // a fraction, or beyond all ids of this end
        }
    }

    /** Nothing will come any more. */
    void end() {
        isEnded = true;
        waiting.values().forEach(request -> {
            boolean unused = request.answer.complete(new Answer.None());
        });
    }
}
