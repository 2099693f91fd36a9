package dev.fdpass.spawn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fdpass.AsFd;
import dev.fdpass.internal.Inherited;
import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.DescriptorPlan;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.FileConstants;
import dev.fdpass.linux.FileIo;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;

/**
 * Descriptors of one's own for what a program is to get, above all the numbers that it is to get it at: so it does not matter
 * who closes what meanwhile, and in which order they are put into place. Closes them.
 */
final class Duplicates implements AutoCloseable {
    private static final byte[] NULL = "/dev/null".getBytes(US_ASCII);

    private final int last;
    private final int[] targets;
    private final int[] numbers;
    private int count;

    /** For so many targets at most, up to {@code last}. */
    Duplicates(int most, int last) {
        this.last = last;
        targets = new int[most];
        numbers = new int[most];
    }

    /** The next target, which must be above those before, and what goes there. */
    void add(int target, AsFd fd) throws IOException {
        try {
            fd.asFd().use(number -> addNumber(target, number));
        } catch (ClosedChannelException e) {
            throw new IllegalArgumentException(
                    "what is to be descriptor " + target + " (fd " + fd.asFd().number()
                            + ") is closed; it must stay open until the program is started",
                    e);
        }
    }

    private int addNumber(int target, int number) throws IOException {
        numbers[count] = above(last, number);
        targets[count] = target;
        return numbers[count++];
    }

    /** A duplicate, close-on-exec, whose number is above {@code last}. */
    static int above(int last, int number) throws IOException {
        long duplicate = Descriptors.duplicateFrom(last + 1, number);
        if (duplicate < 0) {
            throw Errno.EINVAL.is(duplicate) || Errno.EMFILE.is(duplicate)
                    ? KernelErrors.of(
                            "fcntl(F_DUPFD_CLOEXEC) of a descriptor above " + last
                                    + ", the highest that the program gets: the limit is RLIMIT_NOFILE",
                            duplicate)
                    : KernelErrors.of("fcntl(F_DUPFD_CLOEXEC) " + number, duplicate);
        }
        return (int) duplicate;
    }

    /** The highest target. */
    int last() {
        return last;
    }

    /**
     * What this process inherited as {@code number}, else {@code /dev/null}. If it was started without, the JVM has opened
     * something else there since, which is nobody else's business.
     */
    void inherit(int target, int number) throws IOException {
        if (Inherited.is(number)) {
            addNumber(target, number);
        } else {
            addNull(target);
        }
    }

    void addNull(int target) throws IOException {
        int number = (int) KernelErrors.check("open /dev/null", FileIo.open(NULL, FileConstants.O_RDWR, 0));
        try {
            addNumber(target, number);
        } finally {
            Descriptors.close(number);
        }
    }

    DescriptorPlan plan() {
        return new DescriptorPlan(Arrays.copyOf(targets, count), Arrays.copyOf(numbers, count));
    }

    @Override
    public void close() {
        while (count > 0) {
            Descriptors.close(numbers[--count]);
        }
    }
}
