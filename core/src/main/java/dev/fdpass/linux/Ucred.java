package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * {@code struct ucred}: who a process is.
 *
 * @param pid process number; 0 if it is not visible in this pid namespace
 * @param uid user, {@code (uid_t) -1} where the kernel knows none
 * @param gid group
 */
public record Ucred(int pid, int uid, int gid) {
    static final int PID = 0;
    static final int UID = 4;
    static final int GID = 8;
    static final int SIZE = 12;

    /** {@code DEFAULT_OVERFLOWUID} of {@code linux/highuid.h}: stands for users and groups that have no number here. */
    static final int OVERFLOW_ID = 65534;

    /** Whether these are the credentials that the kernel gives where it knows none. */
    public static boolean isNobodyKnown(int pid, int uid, int gid) {
        return pid == 0 && uid == OVERFLOW_ID && gid == OVERFLOW_ID;
    }

    static Ucred read(MemorySegment memory, long at) {
        return new Ucred(
                memory.get(JAVA_INT_UNALIGNED, at + PID),
                memory.get(JAVA_INT_UNALIGNED, at + UID),
                memory.get(JAVA_INT_UNALIGNED, at + GID));
    }

    void write(MemorySegment memory, long at) {
        memory.set(JAVA_INT_UNALIGNED, at + PID, pid);
        memory.set(JAVA_INT_UNALIGNED, at + UID, uid);
        memory.set(JAVA_INT_UNALIGNED, at + GID, gid);
    }

    /** This process with its effective user and group. */
    public static Ucred ofSelf() {
        return new Ucred((int) ProcessHandle.current().pid(), (int) Syscall.GETEUID.call(0, 0, 0), (int)
                Syscall.GETEGID.call(0, 0, 0));
    }
}
