package dev.fdpass.internal;

import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.FileConstants;
import dev.fdpass.linux.NativeText;
import dev.fdpass.linux.Statx;
import java.io.IOException;
import java.util.stream.Stream;

/** Which descriptors this process was started with. */
public final class Inherited {
    private Inherited() {}

    /**
     * Whether a number is open and was not opened by this JVM, as far as can be told: what the JVM opens is close-on-exec, but
     * for the archives that it has its classes from.
     */
    public static boolean is(int number) throws IOException {
        long flags = Descriptors.getFlags(number);
        if (Errno.EBADF.is(flags)) {
            return false;
        }
        KernelErrors.check("fcntl(F_GETFD) " + number, flags);
        return (flags & FileConstants.FD_CLOEXEC) == 0 && !isArchive(number);
    }

    private static boolean isArchive(int number) {
        Statx there = Statx.ofUnasked(number);
        String archives = System.getProperty("java.home") + "/lib/modules:" + System.getProperty("java.class.path", "")
                + ":" + System.getProperty("jdk.module.path", "");
        return Stream.of(archives.split(":", -1))
                .anyMatch(archive -> there.isSameFile(Statx.ofTarget(NativeText.bytes(archive))));
    }
}
