package dev.fdpass.examples.hotrestart.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fdpass.examples.hotrestart.server.ServerProcess;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What came out.
 *
 * @param restarts one after the other, each proved by another process that answers
 * @param undisturbed what wrk counted while nothing was restarted
 * @param disturbed what wrk counted from just before the first restart until just after the last; there is no pause between
 *     two
 * @param warmUpFailures of wrk, before both
 * @param fresh what the client with a connection for each request counted, in all that time
 * @param kept what the clients counted that know their answers, in all that time
 */
record Figures(
        List<ServerProcess.Restart> restarts,
        WrkResult undisturbed,
        WrkResult disturbed,
        long warmUpFailures,
        Tally.Counts fresh,
        Tally.Counts kept) {
    private static final double PER_MILLI = 1e3;

    long requests() {
        return undisturbed.requests() + disturbed.requests() + fresh.requests() + kept.requests();
    }

    long failures() {
        return undisturbed.failures() + disturbed.failures() + warmUpFailures + fresh.failures() + kept.failures();
    }

    double ratio() {
        return disturbed.p99Millis() / undisturbed.p99Millis();
    }

    /** Of the time of wrk with restarts, how much was between the order to restart and the end of the old process. */
    double busyShare() {
        long millis =
                restarts.stream().mapToLong(ServerProcess.Restart::totalMillis).sum();
        return millis / PER_MILLI / disturbed.seconds();
    }

    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeNumberField("restarts", restarts.size());
            out.writeNumberField("requests", requests());
            out.writeNumberField("failures", failures());
            out.writeNumberField("p99UndisturbedMs", rounded(undisturbed.p99Millis()));
            out.writeNumberField("p99RestartMs", rounded(disturbed.p99Millis()));
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not when writing to memory
        }
        return text.toString();
    }

    private static double rounded(double millis) {
        return Math.round(millis * PER_MILLI) / PER_MILLI;
    }

    String table() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT, "%-22s %10s %10s %9s %9s %9s%n", "", "requests", "per s", "p50 ms", "p99 ms", "max ms"));
        row(text, "undisturbed", undisturbed);
        row(text, restarts.size() + (restarts.size() == 1 ? " restart" : " restarts"), disturbed);
        text.append(String.format(
                Locale.ROOT,
                "%-22s %,10d   each on a connection of its own%n%-22s %,10d   each with a number, which must come back%n",
                "fresh connections",
                fresh.requests(),
                "kept connections",
                kept.requests()));
        long[] millis = restarts.stream()
                .mapToLong(ServerProcess.Restart::millis)
                .sorted()
                .toArray();
        text.append(String.format(
                Locale.ROOT,
                "%na restart takes %,d to %,d ms, median %,d; %,d connections went over with their server%n",
                millis[0],
                millis[millis.length - 1],
                millis[millis.length / 2],
                restarts.stream().mapToInt(ServerProcess.Restart::connections).sum()));
        text.append(String.format(
                Locale.ROOT,
                "a restart was going on for %.0f %% of the time of that run%n"
                        + "p99 during restarts is %.2f times that of the undisturbed run%n%,d failures of %,d requests%n",
                100 * busyShare(),
                ratio(),
                failures(),
                requests()));
        if (failures() > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "  undisturbed: %s%n  restarts:    %s%n  fresh connections: %d, kept connections: %d, warming up: %d%n",
                    undisturbed.failuresInWords(),
                    disturbed.failuresInWords(),
                    fresh.failures(),
                    kept.failures(),
                    warmUpFailures));
            Stream.of(fresh, kept)
                    .flatMap(counts -> counts.complaints().stream())
                    .forEach(each -> text.append("  ").append(each).append('\n'));
        }
        return text.toString();
    }

    private static void row(StringBuilder text, String name, WrkResult result) {
        text.append(String.format(
                Locale.ROOT,
                "%-22s %,10d %,10.0f %9.2f %9.2f %9.2f%n",
                name,
                result.requests(),
                result.requests() / result.seconds(),
                result.p50Millis(),
                result.p99Millis(),
                result.maxMillis()));
    }
}
