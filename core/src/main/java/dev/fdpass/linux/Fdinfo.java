package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * What {@code /proc/self/fdinfo} says of a descriptor, man page {@code proc_pid_fdinfo(5)}.
 *
 * @param result 0 or more, or the negated error number, which is {@code ENOENT} without {@code /proc}
 * @param text empty after an error
 */
record Fdinfo(long result, String text) {
    static Fdinfo read(int number) {
        long file = FileIo.open(("/proc/self/fdinfo/" + number).getBytes(US_ASCII), FileConstants.O_RDONLY, 0);
        if (file < 0) {
            return new Fdinfo(file, "");
        }
        Scratch scratch = Scratch.take();
        try {
            long length;
            do {
                length = FileIo.read((int) file, scratch.memory(), Scratch.SIZE);
            } while (Errno.EINTR.is(length));
            byte[] bytes = scratch.memory().asSlice(0, Math.max(0, length)).toArray(JAVA_BYTE);
            return new Fdinfo(length, new String(bytes, US_ASCII));
        } finally {
            scratch.give();
            Descriptors.close((int) file);
        }
    }
}
