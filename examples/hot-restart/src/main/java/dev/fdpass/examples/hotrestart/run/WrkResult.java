package dev.fdpass.examples.hotrestart.run;

import java.util.HashMap;
import java.util.Map;

/**
 * What wrk counted.
 *
 * @param requests answered
 * @param seconds it took
 * @param connectErrors connections refused or failed
 * @param readErrors answers that broke off, or connections closed instead of answered
 * @param writeErrors requests that could not be sent
 * @param timeouts answers that were late
 * @param badStatus answers with a status of 400 or more
 * @param p50Millis median latency
 * @param p99Millis 99 % were faster
 * @param maxMillis the slowest
 */
record WrkResult(
        long requests,
        double seconds,
        long connectErrors,
        long readErrors,
        long writeErrors,
        long timeouts,
        long badStatus,
        double p50Millis,
        double p99Millis,
        double maxMillis) {
    private static final double MICROS_PER_MILLI = 1e3;
    private static final double MICROS_PER_SECOND = 1e6;

    /** From the line of {@code wrk.lua}: {@code result requests=123 micros=… …}. */
    static WrkResult parse(String line) {
        Map<String, Double> numbers = new HashMap<>();
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                numbers.put(word.substring(0, equals), Double.valueOf(word.substring(equals + 1)));
            }
        }
        return new WrkResult(
                (long) number(numbers, "requests"),
                number(numbers, "micros") / MICROS_PER_SECOND,
                (long) number(numbers, "connect"),
                (long) number(numbers, "read"),
                (long) number(numbers, "write"),
                (long) number(numbers, "timeout"),
                (long) number(numbers, "status"),
                number(numbers, "p50") / MICROS_PER_MILLI,
                number(numbers, "p99") / MICROS_PER_MILLI,
                number(numbers, "max") / MICROS_PER_MILLI);
    }

    private static double number(Map<String, Double> numbers, String name) {
        Double number = numbers.get(name);
        if (number == null) {
            throw new IllegalArgumentException("wrk.lua says nothing of " + name);
        }
        return number;
    }

    long failures() {
        return connectErrors + readErrors + writeErrors + timeouts + badStatus;
    }

    String failuresInWords() {
        return connectErrors + " connect, " + readErrors + " read, " + writeErrors + " write, " + timeouts
                + " timeout, " + badStatus + " status";
    }
}
