package dev.fdpass.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everything is proved in JVMs of its own, with flags and without; the table of {@code docs/jdk-objects.md} is what they say. */
class JdkObjectsTableTest {
    private static final Path PAGE = Path.of("").toAbsolutePath().getParent().resolve("docs/jdk-objects.md");
    private static final Pattern TABLE =
            Pattern.compile("(<!-- table -->\n).*?(<!-- end of table -->)", Pattern.DOTALL);

    /** What a proof of an address says if there is nothing to remark. */
    private static final String TRUE = "true";

    private static List<String> flags(String module) {
        return Stream.of("java.io", "java.lang", "sun.nio.ch")
                .map(opened -> "--add-opens=java.base/" + opened + "=" + module)
                .toList();
    }

    @Test
    void saysWhatIsProved() throws Exception {
        Map<Proofs.Subject, Map<String, String>> without = outcomes(
                JavaProgram.runOnClassPath(ProvesConversions.class, List.of("--enable-native-access=ALL-UNNAMED")));
        Map<Proofs.Subject, Map<String, String>> with = outcomes(JavaProgram.runInModule(
                ProvesConversions.class, concat("--enable-native-access=dev.fdpass", flags("dev.fdpass"))));

        String table = table(without, with);
        String page = Files.readString(PAGE);
        String expected = TABLE.matcher(page)
                .replaceFirst(found -> Matcher.quoteReplacement(found.group(1) + table + found.group(2)));
        if (Boolean.getBoolean("jdkobjects.write")) {
            Files.writeString(PAGE, expected);
            page = expected;
        }
        assertThat(page)
                .as("the table; -Djdkobjects.write=true writes it down")
                .contains("<!-- table -->")
                .isEqualTo(expected);
    }

    @Test
    void flagsOpenForTheClassPathToo() throws Exception {
        outcomes(JavaProgram.runOnClassPath(
                ProvesConversions.class, concat("--enable-native-access=ALL-UNNAMED", flags("ALL-UNNAMED"))));
    }

    private static List<String> concat(String first, List<String> others) {
        return Stream.concat(Stream.of(first), others.stream()).toList();
    }

    private static Map<Proofs.Subject, Map<String, String>> outcomes(ChildProcess.Result result) {
        Map<Proofs.Subject, Map<String, String>> all = new TreeMap<>();
        result.outputOfSuccess().lines().forEach(line -> {
            String[] columns = line.split(ProvesConversions.COLUMNS, -1);
            assertThat(columns).as(line).hasSize(4);
            assertThat(columns[3]).as(line + "\n" + result.errors()).doesNotContain(ProvesConversions.FAILED);
            all.computeIfAbsent(new Proofs.Subject(columns[0], columns[1]), subject -> new LinkedHashMap<>())
                    .put(columns[2], columns[3]);
        });
        assertThat(all.keySet()).as("what was tried").isEqualTo(new TreeMap<>(Proofs.all()).keySet());
        return all;
    }

    private static String table(
            Map<Proofs.Subject, Map<String, String>> without, Map<Proofs.Subject, Map<String, String>> with)
            throws IOException {
        StringBuilder table = new StringBuilder("| object | direction | without flags | with flags | verified |\n");
        table.append("|---|---|---|---|---|\n");
        without.forEach((subject, proofs) -> table.append("| %s | %s | %s | %s | %s |%n"
                .formatted(
                        subject.object(),
                        subject.direction(),
                        way(subject, false, proofs),
                        way(subject, true, with.get(subject)),
                        String.join("; ", proofs.keySet()))));
        return table.toString();
    }

    /** How it is done, and what is not as it would be with an object that the JDK had opened itself. */
    private static String way(Proofs.Subject subject, boolean flags, Map<String, String> proofs) {
        String remarks = proofs.entrySet().stream()
                .filter(proof -> !proof.getValue().equals(Proofs.PROVED)
                        && !proof.getValue().equals(TRUE))
                .map(proof -> "; " + proof.getKey() + ": " + proof.getValue())
                .collect(Collectors.joining());
        return kindOfWay(subject, flags) + remarks;
    }

    private static String kindOfWay(Proofs.Subject subject, boolean flags) {
        if (subject.object().startsWith("Redirect")) {
            return subject.object().contains("reopen") ? "opened anew" : flags ? "given" : "not";
        }
        boolean isSocket = !subject.object().startsWith("File");
        return subject.direction().equals("to")
                ? flags && isSocket ? "grafted, addresses set" : "grafted"
                : flags ? "its number read" : "searched";
    }
}
