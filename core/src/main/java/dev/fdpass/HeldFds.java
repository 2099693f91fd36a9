package dev.fdpass;

import dev.fdpass.linux.ControlSummary;
import dev.fdpass.linux.MessageBlock;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Descriptor numbers that arrived and that nobody has taken yet. Owns them: what is not taken is closed. Not
 * thread-safe; the message that holds them sees to that.
 *
 * <p>Knows nothing of that message, so that it can close what a forgotten one held.
 */
final class HeldFds implements Runnable, IntConsumer {
    private static final int TAKEN = -1;

    static {
        ClosingAside.prepare();
    }

    private int[] numbers;
    private int count;
    private int pidFd = TAKEN;
    private final Runs runs;
    private Origin origin;

    HeldFds(int capacity, Origin origin) {
        this(capacity, origin, null);
    }

    /** With memory for the error numbers of closing; null to borrow some when it comes to that. */
    HeldFds(int capacity, Origin origin, @Nullable MemorySegment errno) {
        numbers = new int[capacity];
        runs = new Runs(errno);
        this.origin = origin;
    }

    /** Takes over what the last receive of {@code block} installed, up to {@code limit}; the rest is closed. */
    void takeFrom(MessageBlock block, int limit, ControlSummary summary, Origin from) {
        origin = from;
        try {
            block.takeControl(numbers, limit, summary, this);
        } finally {
            count = summary.fds();
            pidFd = summary.pidFd();
        }
    }

    /** One of the rest. */
    @Override
    public void accept(int surplus) {
        ClosingAside.close(surplus, origin);
    }

    /** Takes over everything that {@code other} still holds. */
    void takeFrom(HeldFds other) {
        for (int i = 0; i < other.count; i++) {
            numbers[i] = other.numbers[i];
            other.numbers[i] = TAKEN;
        }
        count = other.count;
        origin = other.origin;
        other.count = 0;
        pidFd = other.pidFd;
        other.pidFd = TAKEN;
    }

    /**
     * Takes over the first of what {@code other} still holds, behind what is here; what {@code other} keeps moves up. Should
     * there be no memory, nothing has changed.
     *
     * @param limit how many at most
     * @return how many
     */
    int append(HeldFds other, int limit) {
        int moved = Math.min(limit, other.count);
        if (count + moved > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(count + moved, numbers.length * 2));
        }
        // Two counts and no step between them that could throw: each number has one owner.
        int kept = 0;
        int taken = 0;
        for (int i = 0; i < other.count; i++) {
            int number = other.numbers[i];
            if (number == TAKEN) {
                continue;
            }
            if (taken < moved) {
                numbers[count + taken++] = number;
            } else {
                other.numbers[kept++] = number;
            }
        }
        count += taken;
        other.count = kept;
        origin = other.origin;
        return taken;
    }

    /** Whether the sender's pidfd came and nobody has taken it. */
    boolean hasPidFd() {
        return pidFd != TAKEN;
    }

    /** A new owner for the sender's pidfd, which is there. */
    OwnedFd takePidFd() {
        OwnedFd owner = new OwnedFd(pidFd, origin);
        pidFd = TAKEN;
        return owner;
    }

    /** How many arrived, those taken since included. */
    int count() {
        return count;
    }

    /** A new owner for descriptor {@code index}, in the order in which they were sent. */
    OwnedFd take(int index) {
        Objects.checkIndex(index, count);
        int number = numbers[index];
        if (number == TAKEN) {
            throw new IllegalStateException("descriptor " + index + " was taken already; each can be taken once");
        }
        OwnedFd owner = new OwnedFd(number, origin);
        numbers[index] = TAKEN;
        return owner;
    }

    /** New owners for all that nobody took. */
    List<OwnedFd> takeAll() {
        List<OwnedFd> taken = new ArrayList<>(count); // large enough: adding cannot fail and lose one
        for (int i = 0; i < count; i++) {
            if (numbers[i] != TAKEN) {
                taken.add(take(i));
            }
        }
        return taken;
    }

    /** Closes what nobody took together with what is in {@code runs}; the last by {@link Runs#close}. */
    void closeAll(Runs runs) {
        for (int i = 0; i < count; i++) {
            int number = numbers[i];
            numbers[i] = TAKEN;
            if (number != TAKEN) {
                runs.add(number);
            }
        }
        count = 0;
        if (pidFd != TAKEN) {
            int number = pidFd;
            pidFd = TAKEN;
            runs.add(number);
        }
    }

    /** Closes what nobody took, consecutive numbers with one call. */
    void closeAll() {
        closeAll(runs);
        runs.close();
    }

    /** As {@link #closeAll}, but no caller waits for the files: see {@link ClosingAside}. */
    void closeAside() {
        try {
            ClosingAside.close(numbers, count, TAKEN, origin);
        } finally {
            closeAll(); // the pidfd, which the kernel has made
        }
    }

    private int left() {
        int left = pidFd == TAKEN ? 0 : 1;
        for (int i = 0; i < count; i++) {
            left += numbers[i] == TAKEN ? 0 : 1;
        }
        return left;
    }

    /** The cleaner's call: the message is gone. */
    @Override
    public void run() {
        int left = left();
        closeAside();
        if (left > 0) {
            origin.logForgotten(left + " descriptor(s) of a message");
        }
    }
}
