package dev.fdpass.linux;

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
     * Which process it is: its number, 0 if it is not in this pid namespace, -1 if it has ended and was waited for.
     * {@code ESRCH} without /proc.
     */
    public static long pid(int number) {
        return pid(Fdinfo.read(number), number);
    }

    static long pid(String fdinfo, int number) {
        Matcher pid = PID.matcher(fdinfo);
        return pid.find() ? Long.parseLong(pid.group(1)) : -Errno.ESRCH.number();
    }
}
