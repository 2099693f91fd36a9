package dev.fdpass.linux;

/** The two architectures whose system-call numbers and open flags this package knows. */
public enum Arch {
    X86_64,
    AARCH64;

    /** The architecture of this process. {@link Libc} refuses to work on any third one. */
    public static final Arch CURRENT = "aarch64".equals(System.getProperty("os.arch")) ? AARCH64 : X86_64;

    /** Picks the value that belongs to this architecture. */
    public int pick(int x86_64, int aarch64) {
        return this == AARCH64 ? aarch64 : x86_64;
    }
}
