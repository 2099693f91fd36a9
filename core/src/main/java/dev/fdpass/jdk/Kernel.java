package dev.fdpass.jdk;

import dev.fdpass.OwnedFd;
import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.FileConstants;
import dev.fdpass.linux.FileIo;
import dev.fdpass.linux.Statx;
import java.io.IOException;

/** What is asked of the kernel here, with its errors as exceptions. */
final class Kernel {
    private Kernel() {}

    /** The owner of a number that the kernel has just made. */
    static OwnedFd own(long number) {
        try {
            return OwnedFd.adopt((int) number);
        } catch (Throwable t) {
            Descriptors.close((int) number);
            throw t;
        }
    }

    /** Whether two numbers are descriptors for one open file description. */
    static boolean isSameOpenFile(int number, int other) throws IOException {
        long same = Descriptors.isSameOpenFile(number, other);
        if (Errno.ENOSYS.is(same) || Errno.EPERM.is(same)) {
            return looksTheSame(number, other);
        }
        return KernelErrors.check("fcntl(F_DUPFD_QUERY)", same) == 1;
    }

    /**
     * For kernels before 6.10 without {@code kcmp(2)}: of a socket the inode proves it, since no second open file description
     * can be had for one. Of other files it is as much as can be seen.
     */
    static boolean looksTheSame(int number, int other) {
        return Statx.ofUnasked(number).isSameFile(Statx.ofUnasked(other))
                && Descriptors.getStatusFlags(number) == Descriptors.getStatusFlags(other)
                && FileIo.lseek(number, 0, FileConstants.SEEK_CUR) == FileIo.lseek(other, 0, FileConstants.SEEK_CUR);
    }

    /** Puts an open file in the place of what {@code number} was, and looks whether it is there. */
    static void putInPlace(int received, int number) throws IOException {
        KernelErrors.check("dup3", Descriptors.duplicateOnto(received, number));
        if (!isSameOpenFile(received, number)) {
            throw new IOException("descriptor " + number + " is not the open file that was put there; something else in"
                    + " this process changes descriptors that are not its own");
        }
    }

    static void putInPlace(OwnedFd fd, int number) throws IOException {
        fd.use(received -> {
            putInPlace(received, number);
            return number;
        });
    }
}
