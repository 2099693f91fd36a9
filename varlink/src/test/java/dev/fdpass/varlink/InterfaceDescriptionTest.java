package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.fdpass.varlink.VarlinkType.Field;
import dev.fdpass.varlink.VarlinkType.Simple;
import dev.fdpass.varlink.VarlinkType.Struct;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The interface description language. The examples: one of varlink.org, a part of another one of there, and one as systemd prints
 * it.
 */
class InterfaceDescriptionTest {
    private static String example(String name) throws IOException {
        try (InputStream in = InterfaceDescriptionTest.class.getResourceAsStream(name + ".varlink")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.example.ftl", "org.example.certification", "io.systemd.Machine"})
    void theExamplesAreUnderstoodAndPrintedAgain(String name) throws IOException {
        InterfaceDescription description = InterfaceDescription.parse(example(name));
        assertThat(description.name()).isEqualTo(name);
        assertThat(description.methods()).isNotEmpty();
        assertThat(InterfaceDescription.parse(description.text())).isEqualTo(description);
    }

    @Test
    void nothingOfAnExampleIsLost() throws IOException {
        InterfaceDescription ftl = InterfaceDescription.parse(example("org.example.ftl"));
        assertThat(ftl.documentation())
                .startsWith("Interface to jump a spacecraft")
                .hasLineCount(5);
        assertThat(ftl.types())
                .extracting(InterfaceDescription.Type::name)
                .containsExactly("DriveCondition", "DriveConfiguration", "Coordinate");
        assertThat(ftl.type("DriveCondition").orElseThrow())
                .isEqualTo(new Struct(List.of(
                        new Field("state", new VarlinkType.Enumeration(List.of("idle", "spooling", "busy"))),
                        new Field("booster", Simple.BOOL),
                        new Field(
                                "active_engines",
                                new VarlinkType.Array(new Struct(
                                        List.of(new Field("id", Simple.INT), new Field("state", Simple.BOOL))))),
                        new Field("tylium_level", Simple.INT))));
        assertThat(ftl.methods())
                .extracting(InterfaceDescription.Method::name)
                .containsExactly("Monitor", "CalculateConfiguration", "Jump");
        assertThat(ftl.method("Jump").orElseThrow().input()).hasToString("(configuration: DriveConfiguration)");
        assertThat(ftl.method("Monitor").orElseThrow().documentation()).hasLineCount(2);
        assertThat(ftl.errors())
                .hasToString(
                        "[ErrorType[name=NotEnoughEnergy, parameters=(), documentation=There is not enough tylium to jump with the"
                                + " given\nparameters], ErrorType[name=ParameterOutOfRange, parameters=(field: string),"
                                + " documentation=The supplied parameters are outside the supported range]]");
    }

    @Test
    void whatIsLongIsBroken() {
        String text = """
                interface a.b

                method M(
                  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: int,
                  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb: [](
                    cccccccccccccccccccccccccccccccccccccccccccccc: ?string,
                    ddddddddddddddddddddddddddddddddddddddddddddddddddd: int
                  )
                ) -> ()
                """;
        assertThat(InterfaceDescription.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | 1 | 1 | expected \"interface\" and its name, found the end",
                "method | 1 | 1 | expected \"interface\"",
                "interface | 1 | 10 | expected the name of the interface",
                "interface foo | 1 | 11 | found \"foo\"",
                "interface a..b | 1 | 11 | found \"a..b\"",
                "interface a.b x | 1 | 15 | expected \"type\", \"method\", \"error\" or the end, found \"x\"",
                "interface a.b~type foo | 2 | 6 | which begins with a capital",
                "interface a.b~type Foo | 2 | 9 | expected \"(\" and the members or values of the type Foo, found the end",
                "interface a.b~type Foo int | 2 | 10 | found \"int\"",
                "interface a.b~method Foo( -> (a: int) | 2 | 13 | expected \")\" or a name of letters, digits and",
                "interface a.b~type Foo (a, ) | 2 | 14 | expected a name of letters, digits and",
                "interface a.b~type Foo (a | 2 | 12 | expected \":\" and a type, \",\" or \")\", found the end",
                "interface a.b~type Foo (a: ) | 2 | 14 | expected a type",
                "interface a.b~type Foo (a: ??int) | 2 | 15 | a type that is not optional itself",
                "interface a.b~type Foo (a: [int]int) | 2 | 15 | expected \"]\" or \"string\"",
                "interface a.b~type Foo (a: [string int) | 2 | 22 | expected \"]\"",
                "interface a.b~type Foo (a: int, b) | 2 | 20 | expected \":\" and a type",
                "interface a.b~type Foo (a, b: int) | 2 | 15 | expected \",\" or \")\"",
                "interface a.b~type Foo (a__b: int) | 2 | 11 | a name of letters, digits and single underscores",
                "interface a.b~type Foo (_a: int) | 2 | 11 | found \"_a\"",
                "interface a.b~type Foo (a: int, a: int) | 2 | 19 | the name a is there twice",
                "interface a.b~type Foo (a: Bar) | 2 | 14 | the type Bar is not described in this interface",
                "interface a.b~type Foo (a: int)~method Foo() -> () | 3 | 8 | the name Foo is taken, by line 2",
                "interface a.b~method Foo() () | 2 | 14 | expected \"->\"",
                "interface a.b~method Foo(a, b) -> () | 2 | 11 | a list of values",
                "interface a.b~method Foo() -> | 2 | 16 | expected \"(\" and what the method Foo replies",
                "interface a.b~error foo () | 2 | 7 | the name of the error",
                "interface a.b~type Foo (a: ünt) | 2 | 14 | found \"ü\"",
            })
    void whatIsWrongIsSaidWithItsPlace(String text, int line, int column, String problem) {
        assertThatExceptionOfType(VarlinkSyntaxException.class)
                .isThrownBy(() -> InterfaceDescription.parse(text.replace('~', '\n')))
                .withMessageStartingWith("line " + line + ", column " + column + ": ")
                .withMessageContaining(problem)
                .matches(e -> e.line() == line && e.column() == column);
    }

    @Test
    void whatNestsTooDeepIsRefused() {
        String text = "interface a.b\ntype T (a: " + "[]".repeat(100_000) + "int)";
        assertThatExceptionOfType(VarlinkSyntaxException.class)
                .isThrownBy(() -> InterfaceDescription.parse(text))
                .withMessageContaining("types nest deeper than 64");
    }

    @Test
    void whatIsLargeIsReadInTimeInProportion() {
        StringBuilder text = new StringBuilder("interface a.b\n");
        for (int i = 0; text.length() < 1 << 23; i++) {
            text.append("type A").append(i).append(" (a: A").append(i).append(")\n");
        }
        assertTimeoutPreemptively(
                Duration.ofSeconds(60), // far above what it takes, and far below what it would with the square of them
                () -> assertThat(InterfaceDescription.parse(text.toString()).types())
                        .hasSizeGreaterThan(300_000),
                "331 186 types, each of which speaks of one");
    }
}
