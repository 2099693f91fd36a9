package dev.fdpass.faults;

import static dev.fdpass.linux.Errno.EAGAIN;
import static dev.fdpass.linux.Errno.ECONNRESET;
import static dev.fdpass.linux.Errno.EINTR;
import static dev.fdpass.linux.Errno.EMFILE;
import static dev.fdpass.linux.Errno.ENFILE;
import static dev.fdpass.linux.Errno.ENOBUFS;
import static dev.fdpass.linux.Errno.ENOMEM;
import static dev.fdpass.linux.Errno.EPERM;
import static dev.fdpass.linux.Errno.EPIPE;
import static dev.fdpass.linux.Errno.ETOOMANYREFS;

import dev.fdpass.linux.Errno;
import dev.fdpass.linux.Syscall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** One system call of one scenario, and what is to follow from each error of it. */
final class Row {
    /** What every row is tried with; the rest of {@link #ALL} follow the same paths. */
    private static final List<Errno> ESSENTIAL = List.of(EINTR, EAGAIN, EPERM);

    private static final List<Errno> ALL =
            List.of(EINTR, EAGAIN, EMFILE, ENFILE, ENOMEM, ENOBUFS, ETOOMANYREFS, EPERM, EPIPE, ECONNRESET);

    private final String scenario;
    private final Syscall syscall;
    private final Map<Errno, Expected> expected = new LinkedHashMap<>();
    private String hazards = "L05";
    private String seenAfterFailure = "";

    private Row(String scenario, Syscall syscall) {
        this.scenario = scenario;
        this.syscall = syscall;
        boolean sends = syscall == Syscall.SENDMSG || syscall == Syscall.SENDTO;
        throwsErrno(
                sends || syscall == Syscall.SENDMMSG
                        ? "sendmsg"
                        : syscall.name().toLowerCase(Locale.ROOT));
        if (sends) {
            expected.put(ETOOMANYREFS, new Expected.Ends("TooManyReferencesException sendmsg ETOOMANYREFS"));
        }
        expected.put(EINTR, new Expected.Retried());
    }

    /** As a rule EINTR is retried, and the rest becomes an {@link dev.fdpass.ErrnoException} that names the call. */
    static Row row(String scenario, Syscall syscall) {
        return new Row(scenario, syscall);
    }

    /** The hazards that it is about, besides that nothing may leak. */
    Row shows(String ids) {
        hazards = ids;
        return this;
    }

    Row on(Expected what, Errno... errors) {
        for (Errno error : errors) {
            expected.put(error, what);
        }
        return this;
    }

    /** Leaves out errors after which the ending depends on which of several such calls has failed. */
    Row except(Errno... errors) {
        for (Errno error : errors) {
            expected.remove(error);
        }
        return this;
    }

    Row always(Expected what) {
        ALL.forEach(error -> expected.put(error, what));
        return this;
    }

    /** The operation ends as {@code outcome} says of the error. */
    Row each(Function<Errno, String> outcome) {
        ALL.forEach(error -> expected.put(error, new Expected.Ends(outcome.apply(error))));
        return this;
    }

    /** The exception names the call otherwise than the kernel does; of errors that nothing else is said about. */
    Row throwsErrno(String call) {
        return throwsErrno("ErrnoException", call);
    }

    private Row throwsErrno(String type, String call) {
        for (Errno error : ALL) {
            if (!(expected.get(error) instanceof Expected.Retried || expected.get(error) instanceof Expected.Waited)) {
                expected.put(error, new Expected.Ends(type + " " + call + " " + error));
            }
        }
        return this;
    }

    /** As {@link #throwsErrno(String)}, as the cause of something that is not checked. */
    Row throwsUnchecked(String call) {
        return throwsErrno("UncheckedIOException", call);
    }

    /** What the scenario sees after a failure. */
    Row andThen(String seen) {
        seenAfterFailure = "; " + seen;
        return this;
    }

    String scenario() {
        return scenario;
    }

    Syscall syscall() {
        return syscall;
    }

    String call() {
        return syscall.name().toLowerCase(Locale.ROOT);
    }

    /** What the scenario sees after an exception; what else an operation ends with says it itself. */
    String seenAfter(Expected.Ends ends) {
        return ends.outcome().contains("Exception ") ? seenAfterFailure : "";
    }

    Map<Errno, Expected> expected() {
        return expected;
    }

    /** Of {@link #expected()}, those to which one scenario with the same system call suffices left out. */
    Map<Errno, Expected> essential() {
        Map<Errno, Expected> essential = new LinkedHashMap<>(expected);
        essential.keySet().removeIf(error -> ALL.contains(error) && !ESSENTIAL.contains(error));
        return essential;
    }

    @Override
    public String toString() {
        return hazards + ": " + call() + " fails in: " + scenario;
    }
}
