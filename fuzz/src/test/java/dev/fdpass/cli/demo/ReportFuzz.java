package dev.fdpass.cli.demo;

import static dev.fdpass.fuzz.Inputs.check;

import dev.fdpass.fuzz.Inputs;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;

/** {@link Report}: what the second process of the demo says. */
@DisplayName("Any report of a peer is understood or refused")
public final class ReportFuzz {
    private ReportFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Report report;
        try {
            report = Report.decode(Inputs.text(input));
        } catch (IOException | IllegalArgumentException e) {
            return;
        }
        try {
            check(Report.decode(report.encode()).equals(report), "%s is another one again", report);
        } catch (IOException e) {
            throw new AssertionError(report + " cannot be read again", e);
        }
    }
}
