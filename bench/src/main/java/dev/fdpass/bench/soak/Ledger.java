package dev.fdpass.bench.soak;

import dev.fdpass.memory.SharedMemory;
import dev.fdpass.memory.VolatileSlice;
import java.io.IOException;
import java.lang.foreign.Arena;

/**
 * What a sender says about itself, in memory that outlives it if it is shared: before each message that it begins it, and
 * after it that it is sent. A sender that was killed in between may have sent the message or not.
 */
final class Ledger {
    static final int BYTES = 4096;

    private static final int BEGUN_MESSAGES = 0;
    private static final int BEGUN_FDS = 8;
    private static final int SENT_MESSAGES = 16;
    private static final int SENT_FDS = 24;
    private static final int TIMEOUTS = 32;
    private static final int WOULD_BLOCK = 40;
    private static final int TOO_MANY = 48;

    private final VolatileSlice memory;

    private Ledger(VolatileSlice memory) {
        this.memory = memory;
    }

    /** For a sender in this process. */
    static Ledger ofThisProcess() {
        return new Ledger(VolatileSlice.of(Arena.ofAuto().allocate(BYTES, Long.BYTES)));
    }

    static Ledger shared(SharedMemory memory, Arena arena) throws IOException {
        return new Ledger(VolatileSlice.of(memory.map(arena)));
    }

    void begins(int fds) {
        add(BEGUN_FDS, fds);
        add(BEGUN_MESSAGES, 1);
    }

    void hasSent(int fds) {
        add(SENT_MESSAGES, 1);
        add(SENT_FDS, fds);
    }

    void timedOut() {
        add(TIMEOUTS, 1);
    }

    void wouldHaveBlocked() {
        add(WOULD_BLOCK, 1);
    }

    void hadTooManyInFlight() {
        add(TOO_MANY, 1);
    }

    long begunMessages() {
        return memory.getLongVolatile(BEGUN_MESSAGES);
    }

    long begunFds() {
        return memory.getLongVolatile(BEGUN_FDS);
    }

    long sentMessages() {
        return memory.getLongVolatile(SENT_MESSAGES);
    }

    long sentFds() {
        return memory.getLongVolatile(SENT_FDS);
    }

    long timeouts() {
        return memory.getLongVolatile(TIMEOUTS);
    }

    long wouldBlock() {
        return memory.getLongVolatile(WOULD_BLOCK);
    }

    long tooManyInFlight() {
        return memory.getLongVolatile(TOO_MANY);
    }

    /** Only the sender writes. */
    private void add(int at, long value) {
        memory.setLongVolatile(at, memory.getLongVolatile(at) + value);
    }
}
