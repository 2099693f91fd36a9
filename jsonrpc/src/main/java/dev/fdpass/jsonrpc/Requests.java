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
import org.jspecify.annotations.Nullable;

/** Requests of this end that wait for their answers. */
final class Requests {
    private final CallRunner runner;
    private final AtomicLong nextId = new AtomicLong(1);
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
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

        /** Waits no longer: the answer that came nevertheless, or null. */
        private @Nullable Answer giveUp() {
            return answer.cancel(false) ? null : taken(answer.join());
        }

        private Answer taken(Answer arrived) {
            isTaken = true;
            return arrived;
        }

        private boolean isTaken;

        @Override
        public void close() {
            waiting.remove(id);
            runner.requestEnds();
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
        Waiting request = number == null ? null : waiting.remove(number);
        return request != null && request.answer.complete(answer);
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
