package dev.fdpass.jsonrpc;

import dev.fdpass.frame.FrameLimits;
import dev.fdpass.internal.Timeouts;
import java.time.Duration;
import java.util.Objects;

/**
 * What a peer may do, and how long it may take to read.
 *
 * <pre>{@code
 * JsonRpcOptions.DEFAULT.frameLimits(FrameLimits.DEFAULT.maxFds(1000)).sendTimeout(Duration.ofSeconds(5))
 * }</pre>
 *
 * <p>Immutable: each method that changes something returns a new one.
 */
public final class JsonRpcOptions {
    /**
     * {@link FrameLimits#DEFAULT}, 64 calls that run and 64 that wait on a connection, with 8 MiB, 30 seconds for
     * sending, and 1024 connections of a server.
     */
    public static final JsonRpcOptions DEFAULT =
            new JsonRpcOptions(FrameLimits.DEFAULT, 64, 64, 8 << 20, Duration.ofSeconds(30), 1024);

    private final FrameLimits frameLimits;
    private final int maxRunningCalls;
    private final int maxWaitingCalls;
    private final long maxCallBytes;
    private final Duration sendTimeout;
    private final int maxConnections;

    private JsonRpcOptions(
            FrameLimits frameLimits,
            int maxRunningCalls,
            int maxWaitingCalls,
            long maxCallBytes,
            Duration sendTimeout,
            int maxConnections) {
        this.frameLimits = frameLimits;
        this.maxRunningCalls = maxRunningCalls;
        this.maxWaitingCalls = maxWaitingCalls;
        this.maxCallBytes = maxCallBytes;
        this.sendTimeout = sendTimeout;
        this.maxConnections = maxConnections;
    }

    /**
     * Sets the limits of a message, in both directions. One that is received and goes beyond ends the connection.
     *
     * @param limits bytes and descriptors of a message, and how long it may stay unfinished
     * @return new options
     */
    public JsonRpcOptions frameLimits(FrameLimits limits) {
        Objects.requireNonNull(limits, "limits");
        return new JsonRpcOptions(limits, maxRunningCalls, maxWaitingCalls, maxCallBytes, sendTimeout, maxConnections);
    }

    /**
     * Sets how many calls of the peer are handled at the same time on one connection. With 1 they are handled one after the
     * other, in the order in which they came.
     *
     * @param calls 1 or more
     * @return new options
     */
    public JsonRpcOptions maxRunningCalls(int calls) {
        check("calls at the same time", calls, 1);
        return new JsonRpcOptions(frameLimits, calls, maxWaitingCalls, maxCallBytes, sendTimeout, maxConnections);
    }

    /**
     * Sets how many calls of the peer may wait on one connection until those that run are done. While so many wait, nothing
     * more is received, which makes the sender wait. Only if an answer to this end is due, which must be received also if
     * nobody waits for it any more, a further request is refused with {@value JsonRpcException#TOO_MANY_CALLS}, and a further
     * notification is dropped.
     *
     * @param calls 0 or more
     * @return new options
     */
    public JsonRpcOptions maxWaitingCalls(int calls) {
        check("calls that wait", calls, 0);
        return new JsonRpcOptions(frameLimits, maxRunningCalls, calls, maxCallBytes, sendTimeout, maxConnections);
    }

    /**
     * Sets how many bytes the messages of all calls of the peer may have that run or wait on one connection. When they have so
     * many, nothing more is received, as for {@link #maxWaitingCalls}; the last one may go beyond, so that one that is larger
     * than this is handled, too. As a tree of JSON a message takes up to some 31 times its size in memory.
     *
     * @param bytes 1 or more
     * @return new options
     */
    public JsonRpcOptions maxCallBytes(long bytes) {
        check("bytes of calls", bytes, 1);
        return new JsonRpcOptions(frameLimits, maxRunningCalls, maxWaitingCalls, bytes, sendTimeout, maxConnections);
    }

    /**
     * Sets how long a message may take to be sent. If it is over in the middle of a message, the connection ends.
     *
     * @param timeout zero for as long as it takes
     * @return new options
     */
    public JsonRpcOptions sendTimeout(Duration timeout) {
        Timeouts.check(timeout);
        return new JsonRpcOptions(frameLimits, maxRunningCalls, maxWaitingCalls, maxCallBytes, timeout, maxConnections);
    }

    /**
     * Sets how many connections a {@link JsonRpcServer} has at the same time. Others wait in the listener's queue.
     *
     * @param connections 1 or more
     * @return new options
     */
    public JsonRpcOptions maxConnections(int connections) {
        check("connections", connections, 1);
        return new JsonRpcOptions(
                frameLimits, maxRunningCalls, maxWaitingCalls, maxCallBytes, sendTimeout, connections);
    }

    private static void check(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException("at most " + value + " " + what + "; give " + least + " or more");
        }
    }

    /** {@return the limits of a message} */
    public FrameLimits frameLimits() {
        return frameLimits;
    }

    /** {@return calls that are handled at the same time} */
    public int maxRunningCalls() {
        return maxRunningCalls;
    }

    /** {@return calls that may wait} */
    public int maxWaitingCalls() {
        return maxWaitingCalls;
    }

    /** {@return bytes of the messages of all calls that run or wait} */
    public long maxCallBytes() {
        return maxCallBytes;
    }

    /** {@return how long sending may take; zero for as long as it takes} */
    public Duration sendTimeout() {
        return sendTimeout;
    }

    /** {@return connections of a server} */
    public int maxConnections() {
        return maxConnections;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonRpcOptions options
                && frameLimits.equals(options.frameLimits)
                && maxRunningCalls == options.maxRunningCalls
                && maxWaitingCalls == options.maxWaitingCalls
                && maxCallBytes == options.maxCallBytes
                && sendTimeout.equals(options.sendTimeout)
                && maxConnections == options.maxConnections;
    }

    @Override
    public int hashCode() {
        return Objects.hash(frameLimits, maxRunningCalls, maxWaitingCalls, maxCallBytes, sendTimeout, maxConnections);
    }

    /** All of them, for people. */
    @Override
    public String toString() {
        return "JsonRpcOptions[" + frameLimits + ", " + maxRunningCalls + " calls that run and " + maxWaitingCalls
                + " that wait, with " + maxCallBytes + " bytes, send timeout " + sendTimeout + ", "
                + maxConnections + " connections]";
    }
}
