package dev.fdpass.linux;

import static dev.fdpass.fuzz.Inputs.check;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;

/** The readers of {@code /proc/self/fdinfo}: {@link EventFds#count} and {@link PidFds#pid}. */
@DisplayName("Any fdinfo gives a count and a process number, or none")
public final class FdinfoFuzz {
    private static final String COUNT = "eventfd-count:";
    private static final String PID = "Pid:\t";

    private FdinfoFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String info = new String(input, ISO_8859_1);
        count(info);
        pid(info);
    }

    private static void count(String info) {
        long count = EventFds.count(info);
        check(count == 0 || info.contains(COUNT), "a count of %x out of nothing", count);
        check(count == 0 || info.contains(Long.toHexString(count)), "a count of %x", count);
        if (!info.contains(COUNT)) {
            // As the kernel writes it, after anything else.
            long value = info.hashCode() * 0x9e37_79b9_7f4a_7c15L;
            String more = info + COUNT + String.format(Locale.ROOT, " %16x\neventfd-id: 0\n", value);
            check(EventFds.count(more) == value, "%x became %x", value, EventFds.count(more));
        }
    }

    private static void pid(String info) {
        OptionalLong pid = PidFds.pid(info);
        check(pid.isEmpty() || info.contains("Pid:"), "process %s out of nothing", pid);
        if (!info.contains("Pid:")) {
            int value = info.hashCode() >> 1;
            String more = info + "\n" + PID + value + "\nNSpid:\t7\n";
            check(PidFds.pid(more).equals(OptionalLong.of(value)), "process %d became %s", value, PidFds.pid(more));
        }
    }
}
