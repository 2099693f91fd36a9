package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code /proc/…/fdinfo} says of a descriptor, man page {@code proc_pid_fdinfo(5)}.
 *
 * @param result 0 or more, or the negated error number, which is {@code ENOENT} without {@code /proc}
 * @param text empty after an error
 */
public record Fdinfo(long result, String text) {
    private static final Pattern FLAGS = Pattern.compile("^flags:\\s*([0-7]{1,11})$", Pattern.MULTILINE);

    static Fdinfo read(int number) {
        return read("/proc/self/fdinfo/" + number);
    }

    /** Of a descriptor of any process: {@code /proc/1/fdinfo/0}. */
    public static Fdinfo read(String path) {
        long file = FileIo.open(path.getBytes(US_ASCII), FileConstants.O_RDONLY, 0);
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

    /** Access mode and status flags as {@code open(2)} has them, and close-on-exec; or the negated error number. */
    public long flags() {
        Matcher flags = FLAGS.matcher(text);
        return result < 0 ? result : flags.find() ? Long.parseLong(flags.group(1), 8) : -Errno.EINVAL.number();
    }
}
