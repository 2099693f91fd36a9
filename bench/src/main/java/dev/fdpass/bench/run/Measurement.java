package dev.fdpass.bench.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All launches together.
 *
 * @param results of each work and contender, those of all launches put together
 * @param missing who is missing, and why
 */
record Measurement(List<Result> results, List<String> missing) {
    static Measurement launch(int launches, boolean quick, List<Work> works, List<String> contenders)
            throws IOException, InterruptedException {
        Map<String, List<Result>> all = new LinkedHashMap<>();
        Set<String> missing = new LinkedHashSet<>();
        for (int i = 1; i <= launches; i++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-Dbench.home=" + System.getProperty("bench.home", "."),
                            "-Dbench.terminal=" + Boolean.getBoolean("bench.terminal"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Launch.class.getName(),
                            "launch " + i + " of " + launches,
                            quick ? "quick" : "full",
                            String.join(",", works.stream().map(Work::name).toList()),
                            String.join(",", contenders))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith(Launch.MISSING)) {
                        missing.add(line.substring(Launch.MISSING.length()));
                    } else {
                        Result result = Result.parse(line);
                        all.computeIfAbsent(result.work() + " " + result.contender(), key -> new ArrayList<>())
                                .add(result);
                    }
                }
            } finally {
                process.destroy();
            }
            if (process.waitFor() != 0) {
                throw new LaunchFailedException("launch " + i + " ended with status " + process.exitValue());
            }
        }
        return new Measurement(all.values().stream().map(Result::ofLaunches).toList(), List.copyOf(missing));
    }
}
