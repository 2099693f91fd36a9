package dev.fdpass.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A run of Jazzer on one target, in a JVM of its own: it fuzzes one target in the life of a process. Writes nowhere but
 * below the directory that it is given: the inputs found so far ({@code corpus}, which the next run goes on from), what
 * Jazzer said ({@code log}) and the inputs that broke something.
 */
final class Jazzer {
    /** The longest input; the 253 descriptors of one message take 1028 bytes. */
    private static final int MAX_LENGTH = 2048;
    /** For an input, in seconds: what takes longer hangs, even on a busy machine. */
    private static final int HANGS_AFTER = 30;
    /** Beyond the time that was asked for, in seconds: starting, and whatever the machine does else. */
    private static final int PATIENCE = 300;

    /** Jazzer's own checks, for what no code here does, take almost half of the time until a target starts. */
    private static final String SANITIZERS = Stream.of(
                    "BigDecimal",
                    "ClojureLangHooks",
                    "Deserialization",
                    "ExpressionLanguageInjection",
                    "FilePathTraversal",
                    "LdapInjection",
                    "NamingContextLookup",
                    "OsCommandInjection",
                    "ReflectiveCall",
                    "RegexInjection",
                    "RegexRoadblocks",
                    "ScriptEngineInjection",
                    "ServerSideRequestForgery",
                    "SqlInjection",
                    "TemplateInjection",
                    "UnsafeSanitizer",
                    "XPathInjection",
                    "XmlParserSsrfGuidance")
            .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
            .collect(Collectors.joining(":"));

    // How libFuzzer, which Jazzer is built on, reports.
    private static final Pattern PROGRESS = Pattern.compile("#(\\d+)\\t.*");
    private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units: (\\d+)");
    private static final Pattern ARTIFACT = Pattern.compile(".*Test unit written to (.*)");
    private static final Pattern FINDING = Pattern.compile("== Java Exception.*|.*ERROR: libFuzzer.*");

    private final Class<?> target;
    private final Path directory;
    private final Path seeds;
    private final AtomicLong executions = new AtomicLong();
    private final List<String> finding = new ArrayList<>();
    private String artifact = "";

    /**
     * What came of it.
     *
     * @param executions how often the target ran
     * @param seconds how long all of it took
     * @param finding what broke, with its stack trace and the file that holds the input; empty if nothing did
     */
    record Result(long executions, long seconds, String finding) {}

    Jazzer(Class<?> target, Path directory, Path seeds) {
        this.target = target;
        this.directory = directory;
        this.seeds = seeds;
    }

    /** How often the target ran so far. */
    long executions() {
        return executions.get();
    }

    Result run(long seconds) throws IOException, InterruptedException {
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        Files.createDirectories(directory.resolve("corpus"));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command(seconds, temporary))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        // So that reading ends, too, whatever becomes of it.
        Thread watchdog = Thread.ofVirtual().start(() -> killAfter(process, seconds + PATIENCE));
        try (BufferedReader output = process.inputReader();
                Writer log = Files.newBufferedWriter(directory.resolve("log"))) {
            for (String line; (line = output.readLine()) != null; ) {
                log.append(line).append('\n');
                read(line);
            }
            int status = process.waitFor();
            long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            return new Result(executions(), took, status == 0 ? "" : describe(status));
        } finally {
            process.destroyForcibly();
            watchdog.interrupt();
        }
    }

    private List<String> command(long seconds, Path temporary) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                // Without these the JVM warns: of the agent, the native library and the Unsafe that Jazzer needs, and
                // that
                // it cannot share classes while Jazzer adds some to the boot class path.
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:-PrintWarnings",
                "-Djdk.attach.allowAttachSelf=true",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=dev.fdpass.**",
                "--custom_hook_includes=dev.fdpass.**",
                "--disabled_hooks=" + SANITIZERS,
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                "-max_total_time=" + seconds,
                "-max_len=" + MAX_LENGTH,
                "-timeout=" + HANGS_AFTER,
                "-rss_limit_mb=0",
                "-print_final_stats=1",
                directory.resolve("corpus").toString(),
                seeds.toString());
    }

    private void read(String line) {
        Matcher progress = PROGRESS.matcher(line);
        Matcher executed = EXECUTED.matcher(line);
        Matcher written = ARTIFACT.matcher(line);
        if (progress.matches()) {
            executions.set(Long.parseLong(progress.group(1)));
        } else if (executed.matches()) {
            executions.set(Long.parseLong(executed.group(1)));
        } else if (written.matches()) {
            artifact = written.group(1);
        }
        if (artifact.isEmpty() && (!finding.isEmpty() || FINDING.matcher(line).matches())) {
            finding.add(line);
        }
    }

    private String describe(int status) {
        if (artifact.isEmpty()) {
            return "Jazzer ended with status " + status + " and without an input; what it said is in "
                    + directory.resolve("log");
        }
        return String.join("\n", finding) + "\nThe input is " + artifact + " (Jazzer's status " + status
                + "). Mend the cause, and keep the input as a seed, under a name that says what it is.";
    }

    private static void killAfter(Process process, long seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ended by itself
        }
    }
}
