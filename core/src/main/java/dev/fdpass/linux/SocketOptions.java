package dev.fdpass.linux;

import static dev.fdpass.linux.SocketConstants.SOL_SOCKET;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** {@code getsockopt(2)} and {@code setsockopt(2)}; man pages {@code socket(7)}, {@code unix(7)}. */
public final class SocketOptions {
    // struct timeval
    static final int TV_SEC = 0;
    static final int TV_USEC = 8;
    static final int TIMEVAL_SIZE = 16;

    /** Where a value goes, behind its length. */
    private static final int VALUE = 8;

    private SocketOptions() {}

    /** An {@code int} at {@code SOL_SOCKET}: its value, or the negated error number. */
    public static long get(int socket, int option) {
        return get(socket, SOL_SOCKET, option);
    }

    /** An {@code int} at a level: its value, or the negated error number. */
    public static long get(int socket, int level, int option) {
        Scratch scratch = Scratch.take();
        try {
            long result = get(scratch, socket, level, option, Integer.BYTES);
            return result < 0 ? result : scratch.memory().get(JAVA_INT, VALUE);
        } finally {
            scratch.give();
        }
    }

    /** Sets an {@code int} at {@code SOL_SOCKET}. */
    public static long set(int socket, int option, int value) {
        return set(socket, SOL_SOCKET, option, value);
    }

    /** Sets an {@code int} at a level. */
    public static long set(int socket, int level, int option, int value) {
        Scratch scratch = Scratch.take();
        try {
            scratch.memory().set(JAVA_INT, 0, value);
            return Syscall.SETSOCKOPT.call(scratch.errno(), socket, level, option, scratch.address(), Integer.BYTES, 0);
        } finally {
            scratch.give();
        }
    }

    private static long get(Scratch scratch, int socket, int level, int option, int size) {
        scratch.memory().set(JAVA_INT, 0, size);
        return Syscall.GETSOCKOPT.call(
                scratch.errno(), socket, level, option, scratch.address() + VALUE, scratch.address(), 0);
    }

    /**
     * {@code SO_SNDTIMEO} ({@code struct timeval}), which also bounds a {@code connect(2)}; 0 for none. It belongs to
     * the socket and everyone who shares it: for sockets that nobody else can have yet.
     */
    public static long setSendTimeout(int socket, long nanos) {
        Scratch scratch = Scratch.take();
        try {
            scratch.memory().set(JAVA_LONG, TV_SEC, nanos / 1_000_000_000);
            scratch.memory().set(JAVA_LONG, TV_USEC, nanos % 1_000_000_000 / 1_000);
            return Syscall.SETSOCKOPT.call(
                    scratch.errno(),
                    socket,
                    SOL_SOCKET,
                    SocketConstants.SO_SNDTIMEO,
                    scratch.address(),
                    TIMEVAL_SIZE,
                    0);
        } finally {
            scratch.give();
        }
    }

    /**
     * {@code SO_PEERCRED}.
     *
     * @param ucred where it goes, at index 0
     * @return 0, or the negated error number
     */
    public static long peerCredentials(int socket, Ucred[] ucred) {
        Scratch scratch = Scratch.take();
        try {
            long result = get(scratch, socket, SOL_SOCKET, SocketConstants.SO_PEERCRED, Ucred.SIZE);
            ucred[0] = Ucred.read(scratch.memory(), VALUE);
            return result;
        } finally {
            scratch.give();
        }
    }

    /**
     * {@code SO_PEERGROUPS}.
     *
     * @param groups where the unsigned group numbers go, at index 0
     * @return 0, or the negated error number
     */
    public static long peerGroups(int socket, int[][] groups) {
        byte[][] value = new byte[1][];
        long result = bytes(socket, SocketConstants.SO_PEERGROUPS, value);
        if (result >= 0) {
            groups[0] = MemorySegment.ofArray(value[0]).toArray(JAVA_INT_UNALIGNED);
        }
        return result;
    }

    /**
     * {@code SO_PEERSEC}.
     *
     * @param label where its bytes go, at index 0, without the NUL that some security modules end it with
     * @return 0, or the negated error number
     */
    public static long peerSecurity(int socket, byte[][] label) {
        long result = bytes(socket, SocketConstants.SO_PEERSEC, label);
        if (result >= 0) {
            label[0] = withoutNul(label[0]);
        }
        return result;
    }

    static byte[] withoutNul(byte[] label) {
        int length = label.length;
        return length > 0 && label[length - 1] == 0 ? Arrays.copyOf(label, length - 1) : label;
    }

    /** An option of any length. */
    private static long bytes(int socket, int option, byte[][] value) {
        int size = 256;
        while (true) {
            MemorySegment memory = Arena.ofAuto().allocate(VALUE + (long) size, VALUE);
            memory.set(JAVA_INT, 0, size);
            Scratch scratch = Scratch.take();
            try {
                long result = Syscall.GETSOCKOPT.callHolding(
                        scratch.errno(),
                        socket,
                        SOL_SOCKET,
                        option,
                        memory.address() + VALUE,
                        memory.address(),
                        0,
                        memory,
                        MemorySegment.NULL,
                        MemorySegment.NULL);
                int length = memory.get(JAVA_INT, 0);
                if (result >= 0) {
                    value[0] = memory.asSlice(VALUE, length).toArray(JAVA_BYTE);
                    return result;
                }
                // With ERANGE the kernel says how much it needs.
                if (!Errno.ERANGE.is(result) || length <= size) {
                    return result;
                }
                size = length;
            } finally {
                scratch.give();
            }
        }
    }
}
