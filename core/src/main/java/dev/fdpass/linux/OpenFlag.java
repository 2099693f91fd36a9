package dev.fdpass.linux;

/** Flags of {@code open(2)} whose values differ between the architectures. */
public enum OpenFlag {
    O_DIRECT(0x4000, 0x10000),
    O_DIRECTORY(0x10000, 0x4000),
    O_NOFOLLOW(0x20000, 0x8000);

    private final int x86_64;
    private final int aarch64;

    OpenFlag(int x86_64, int aarch64) {
        this.x86_64 = x86_64;
        this.aarch64 = aarch64;
    }

    /** The flag on this machine. */
    public int value() {
        return valueOn(Arch.CURRENT);
    }

    /** The flag on {@code arch}. */
    public int valueOn(Arch arch) {
        return arch.pick(x86_64, aarch64);
    }
}
