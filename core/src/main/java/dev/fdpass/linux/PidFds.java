package dev.fdpass.linux;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code pidfd_open(2)} and {@code pidfd_send_signal(2)}. */
public final class PidFds {
    private static final Pattern PID = Pattern.compile("^Pid:\\s*(-?[0-9]{1,10})$", Pattern.MULTILINE);

    private PidFds() {}

    /** A new descriptor for a process; the kernel makes it close-on-exec by itself. */
    public static long open(int pid) {
        return Syscall.PIDFD_OPEN.call(pid, 0, 0);
    }

    /** Sends a signal; 0 only asks whether it could be sent. */
    public static long sendSignal(int number, int signal) {
        return Syscall.PIDFD_SEND_SIGNAL.call(number, signal, 0, 0);
    }

    /**
     * Which process it is.
     *
     * @param pid where its number goes, at index 0: 0 if it is not in this pid namespace, -1 if it has ended and was
     *     waited for
     * @return 0 or more, or the negated error number: {@code ENOENT} without /proc
     */
    public static long pid(int number, long[] pid) {
        Fdinfo info = Fdinfo.read(number);
        if (info.result() < 0) {
            return info.result();
        }
        OptionalLong found = pid(info.text());
        if (found.isEmpty()) {
            return -Errno.EINVAL.number(); // no pidfd
        }
        pid[0] = found.getAsLong();
        return 0;
    }

    static OptionalLong pid(String fdinfo) {
        Matcher pid = PID.matcher(fdinfo);
        return pid.find() ? OptionalLong.of(Long.parseLong(pid.group(1))) : OptionalLong.empty();
    }
}
