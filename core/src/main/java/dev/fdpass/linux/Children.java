package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/** {@code waitid(2)}: how a child ended. */
public final class Children {
    static final int SI_CODE = 8;
    static final int SI_STATUS = 24;
    /** {@code sizeof(siginfo_t)}. */
    static final int SIGINFO_SIZE = 128;

    private Children() {}

    /**
     * Waits in the kernel until a child has ended, and lets go of its number.
     *
     * @param pidFd a descriptor of the child (Linux 5.4)
     * @return its exit status, 128 + n if signal n ended it, or the negated error number
     */
    public static long await(int pidFd) {
        return waitid(SpawnConstants.P_PIDFD, pidFd);
    }

    /** As {@link #await}, by the number of a child that nobody else waits for. */
    public static long awaitNumber(int pid) {
        return waitid(SpawnConstants.P_PID, pid);
    }

    private static long waitid(int type, int id) {
        Scratch scratch = Scratch.take();
        try {
            long result =
                    Syscall.WAITID.call(scratch.errno(), type, id, scratch.address(), SpawnConstants.WEXITED, 0, 0);
            if (result < 0) {
                return result;
            }
            int status = scratch.memory().get(JAVA_INT, SI_STATUS);
            return scratch.memory().get(JAVA_INT, SI_CODE) == SpawnConstants.CLD_EXITED ? status : 128 + status;
        } finally {
            scratch.give();
        }
    }
}
