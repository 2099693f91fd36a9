package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

/** {@code /proc/self/fdinfo}, man page {@code proc_pid_fdinfo(5)}. */
final class Fdinfo {
    private Fdinfo() {}

    /** What it says of a descriptor; nothing without {@code /proc}. */
    static String read(int number) {
        long file = FileIo.open(("/proc/self/fdinfo/" + number).getBytes(US_ASCII), FileConstants.O_RDONLY, 0);
        if (file < 0) {
            return "";
        }
        Scratch scratch = Scratch.take();
        try {
            long length = FileIo.read((int) file, scratch.memory(), Scratch.SIZE);
            return new String(scratch.memory().asSlice(0, Math.max(0, length)).toArray(JAVA_BYTE), US_ASCII);
        } finally {
            scratch.give();
            Descriptors.close((int) file);
        }
    }
}
