package dev.fdpass.systemd;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the variables of {@code sd_listen_fds(3)} say to a process: the names of its descriptors, from {@link #FIRST} on. */
record ListenVariables(List<String> names) {
    /** {@code SD_LISTEN_FDS_START}. */
    static final int FIRST = 3;

    static final String FDS = "LISTEN_FDS";
    static final String PID = "LISTEN_PID";
    static final String NAMES = "LISTEN_FDNAMES";
    /** The inode of the process's pidfd, beside {@link #PID}; of newer systemd. */
    static final String PIDFDID = "LISTEN_PIDFDID";

    static final List<String> ALL = List.of(FDS, PID, NAMES, PIDFDID);

    private static final ListenVariables NONE = new ListenVariables(List.of());

    /**
     * What they say to a process.
     *
     * @param self its number
     * @param pidFdId the inode of its pidfd, where that can be had; asked for only if a variable names one
     */
    static ListenVariables read(Map<String, String> environment, long self, Supplier<OptionalLong> pidFdId) {
        String pid = environment.get(PID);
        String fds = environment.get(FDS);
        if (pid == null || Decimal.parse(PID, pid, 1, Integer.MAX_VALUE, "the number of a process") != self) {
            return NONE;
        }
        if (fds == null || isOfAnother(environment.get(PIDFDID), pidFdId)) {
            return NONE;
        }
        int count = (int) Decimal.parse(FDS, fds, 1, Integer.MAX_VALUE - FIRST, "how many descriptors there are");
        String names = environment.get(NAMES);
        if (names == null) {
            return new ListenVariables(Collections.nCopies(count, NamedFd.UNKNOWN));
        }
        List<String> all = List.of(names.split(":", -1));
        if (all.size() != count) {
            throw new IllegalStateException("the environment variable " + NAMES + " has " + all.size()
                    + " names (\"" + Visible.of(names) + "\"), and " + FDS + " is " + count
                    + "; there must be as many names, separated by ':', or no such variable");
        }
        return new ListenVariables(all);
    }

    /** A number of a process may come again, as that of another; the inode of a pidfd does not. */
    private static boolean isOfAnother(@Nullable String named, Supplier<OptionalLong> pidFdId) {
        if (named == null) {
            return false;
        }
        long id = Decimal.parse(PIDFDID, named, 1, Long.MAX_VALUE, "the inode of a pidfd");
        OptionalLong own = pidFdId.get();
        return own.isPresent() && own.getAsLong() != id;
    }
}
