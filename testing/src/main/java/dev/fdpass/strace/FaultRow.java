package dev.fdpass.strace;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What may follow when a system call of one side fails. */
public final class FaultRow {
    private static final String ERROR = "{}";

    private final Side side;
    private final String call;
    /** By error: how an exchange may end, besides as usual. */
    private final Map<String, Set<String>> endings = new LinkedHashMap<>();

    private FaultRow(Side side, String call) {
        this.side = side;
        this.call = call;
    }

    /** A system call of one side. */
    public static FaultRow row(Side side, String call) {
        return new FaultRow(side, call);
    }

    /** After these errors all goes on as usual. */
    public FaultRow unnoticed(String... errors) {
        for (String error : errors) {
            endings.put(error, Set.of());
        }
        return this;
    }

    /**
     * After an error an exchange ends as usual or in one of these ways.
     *
     * @param error the error
     * @param ways how {@link PeerProgram} tells of an exception, or the beginning of that; {@code {}} stands for the error
     */
    public FaultRow ends(String error, Set<String> ways) {
        Set<String> all = new LinkedHashSet<>();
        ways.forEach(way -> all.add(way.replace(ERROR, error)));
        endings.put(error, all);
        return this;
    }

    /** After an error an exchange ends as usual or in this way. */
    public FaultRow ends(String error, String way) {
        return ends(error, Set.of(way));
    }

    Side side() {
        return side;
    }

    String call() {
        return call;
    }

    Map<String, Set<String>> endings() {
        return endings;
    }

    @Override
    public String toString() {
        return call + " of the one that is " + side.toString().toLowerCase(java.util.Locale.ROOT);
    }
}
