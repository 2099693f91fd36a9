package dev.fdpass.linux;

/** Names and values of {@code spawn.h}, {@code wait.h} and {@code signal.h}; the same on x86-64 and aarch64. */
final class SpawnConstants {
    public static final int POSIX_SPAWN_SETSIGMASK = 0x08;

    // No macros: constants of an enumeration.
    static final int P_PID = 1;
    static final int P_PIDFD = 3;

    public static final int WEXITED = 4;
    public static final int CLD_EXITED = 1;

    public static final int SIG_SETMASK = 2;

    private SpawnConstants() {}
}
