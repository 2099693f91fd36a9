package dev.fdpass.linux;

/** What is done where the kernel is older than the one that tests run on. */
public final class OlderKernel {
    private OlderKernel() {}

    /** How open files are compared before Linux 6.10: 0 if two numbers are for one, or the negated error number. */
    public static long kcmp(int number, int other) {
        return Descriptors.kcmp(number, other);
    }
}
