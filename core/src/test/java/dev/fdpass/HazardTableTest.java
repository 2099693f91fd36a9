package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of {@code docs/security.md} against the tests that it names. */
class HazardTableTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path PAGE = ROOT.resolve("docs/security.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| ([RSL]\\d\\d) \\|([^|]*)\\|([^|]*)\\|([^|]*)\\|([^|]*)\\|$");
    private static final Pattern ID = Pattern.compile("\\b[RSL]\\d\\d\\b");

    /** What a test says that it shows: ids at the beginning of the name that people see, or of its outcomes'. */
    private static final Pattern CLAIM =
            Pattern.compile("@(?:DisplayName|Description)\\(\\s*\"((?:[RSL]\\d\\d[ :]+)+)");

    private static final int TESTS_COLUMN = 4;

    @Test
    void everyRowHasItsTestsAndEveryTestItsRow() throws IOException {
        Map<String, Set<String>> tests = testsByHazard();
        if (Boolean.getBoolean("hazards.write")) {
            write(tests);
        }
        Map<String, Set<String>> rows = new TreeMap<>();
        for (MatchResult row : rows()) {
            Set<String> named = new TreeSet<>();
            Matcher name = Pattern.compile("`(\\w+)`").matcher(row.group(TESTS_COLUMN));
            name.results().forEach(found -> named.add(found.group(1)));
            assertThat(rows.put(row.group(1), named))
                    .as("rows of " + row.group(1))
                    .isNull();
        }

        assertThat(rows.keySet()).as("rows of the table").containsExactlyElementsOf(hazards());
        assertThat(rows)
                .allSatisfy(
                        (id, named) -> assertThat(named).as("tests of " + id).isNotEmpty());
        assertThat(tests)
                .as("the tests that carry each id; -Dhazards.write=true writes them down")
                .isEqualTo(rows);
    }

    private static List<String> hazards() {
        return Stream.of(numbered('L', 10), numbered('R', 21), numbered('S', 13))
                .flatMap(Collection::stream)
                .toList();
    }

    private static List<String> numbered(char letter, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> "%c%02d".formatted(letter, number))
                .toList();
    }

    private static List<MatchResult> rows() throws IOException {
        List<MatchResult> rows = new ArrayList<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(row.toMatchResult());
            }
        }
        return rows;
    }

    private static Map<String, Set<String>> testsByHazard() throws IOException {
        Map<String, Set<String>> tests = new TreeMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.filter(Files::isDirectory).toList()) {
                for (String sources : List.of("src/test/java", "src/main/java")) {
                    if (Files.isDirectory(module.resolve(sources))) {
                        addTests(module.resolve(sources), tests);
                    }
                }
            }
        }
        return tests;
    }

    private static void addTests(Path sources, Map<String, Set<String>> tests) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                Matcher claim = CLAIM.matcher(Files.readString(file));
                while (claim.find()) {
                    ID.matcher(claim.group(1))
                            .results()
                            .forEach(id -> tests.computeIfAbsent(id.group(), key -> new TreeSet<>())
                                    .add(name));
                }
            }
        }
    }

    private static void write(Map<String, Set<String>> tests) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                List<String> named = tests.getOrDefault(row.group(1), new TreeSet<>()).stream()
                        .map(test -> "`" + test + "`")
                        .toList();
                lines.add("| %s |%s|%s| %s |%s|"
                        .formatted(row.group(1), row.group(2), row.group(3), String.join(", ", named), row.group(5)));
            } else {
                lines.add(line);
            }
        }
        Files.write(PAGE, lines);
    }
}
