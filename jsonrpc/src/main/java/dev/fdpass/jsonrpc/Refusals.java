package dev.fdpass.jsonrpc;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Errors with which the receiving thread answers, sent by another one: if both ends waited to send what is larger than the
 * kernel takes, nobody would receive.
 */
final class Refusals {
    /** Beyond that, the receiving thread does wait: some 9,000 refusals, from which it had better not take more. */
    private static final int MOST_BYTES = 1 << 20;

    private final Consumer<byte[]> sender;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean isSending;
    private boolean isEnded;

    Refusals(Consumer<byte[]> sender) {
        this.sender = sender;
    }

    /** Has an error sent. */
    void add(byte[] json) {
        lock.lock();
        try {
            while (!waiting.isEmpty() && waitingBytes + json.length > MOST_BYTES) {
                changed.awaitUninterruptibly();
            }
            if (isEnded) {
                return;
            }
            if (!isSending) {
                Thread unused =
                        Thread.ofVirtual().name("fdpass-jsonrpc-refusals").start(this::sendAll);
                isSending = true;
            }
            waiting.add(json);
            waitingBytes += json.length;
        } finally {
            lock.unlock();
        }
    }

    private void sendAll() {
        byte[] next = next();
        while (next != null) {
            try {
                sender.accept(next);
            } catch (Throwable t) {
                // The sender has said what there is to say; whoever waits for the end must not wait for good.
            }
            next = next();
        }
    }

    private byte @Nullable [] next() {
        lock.lock();
        try {
            byte[] next = waiting.poll();
            if (next == null) {
                isSending = false;
            } else {
                waitingBytes -= next.length;
            }
            changed.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what was not sent yet, and takes no more. */
    void end() {
        lock.lock();
        try {
            isEnded = true;
            waiting.clear();
            waitingBytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all is sent, or dropped. */
    void awaitIdle() {
        lock.lock();
        try {
            while (isSending) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
