package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Java interfaces as descriptions, and beside those of others. */
class JavaInterfaceTest {
    private static final String DESCRIPTION = """
            # Files for those who may not open them.
            interface org.example.files

            type Everything (value: Value)
            """;

    private static VarlinkService.Builder service() {
        return VarlinkService.builder("a", "b", "c", "d");
    }

    @Test
    void theDescriptionIsMadeFromTheInterface() {
        VarlinkService service =
                service().add(Files.class, new FilesOfTheTest()).build();
        String text = service.description("org.example.files").orElseThrow();
        assertThat(text).isEqualTo("""
                # Files for those who may not open them.
                interface org.example.files

                type Value (
                  bool: bool,
                  number: int,
                  real: float,
                  text: string,
                  colour: Colour,
                  list: []int,
                  named: [string]int,
                  maybe: ?int,
                  some: []int,
                  the_rest: ?string
                )

                type Colour (RED, green)

                method Append(text_file: int, text: string) -> ()

                method Echo(value: Everything) -> (value: Value)

                method Fail(how: string) -> ()

                # With more: any number of replies.
                method Lines(file: int) -> (number: int, text: string)

                # With more: any number of replies.
                method Make(count: int, failAtTheEnd: bool) -> (file: int, size: int)

                method Open(path: string, offset: ?int) -> (file: int, size: int)

                method Talk(greeting: string) -> (user: int)

                # With more: any number of replies.
                method Watch() -> (number: int, text: string)
                """.replace("type Value (", "type Everything (value: Value)\n\ntype Value ("));
        assertThat(InterfaceDescription.parse(text).text()).isEqualTo(text);
        assertThat(text).startsWith(DESCRIPTION);
    }

    @VarlinkInterface("a.b")
    interface Small {
        Result get(Optional<String> name, List<Part> parts) throws IOException;

        record Part(int id, Map<String, Part> parts) {}

        record Result(OwnedFd file, State state) {}

        enum State {
            on,
            off
        }
    }

    private static final Small NOBODY = (name, parts) -> {
        throw new IOException();
    };

    @Test
    void aDescriptionOfSomebodyElseIsTheSameIfItSaysTheSameInOtherWords() {
        String text = """
                interface a.b
                # The state of it
                type P (parts: [string]P, id: int)
                error Bad (why: string)
                method Get(name: ?string, parts: []P) -> (file: int, state: (off, on))
                """;
        VarlinkService service = service().add(Small.class, NOBODY, text).build();
        assertThat(service.description("a.b")).contains(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "method Put() -> () | has a method Put, the Java interface has none",
                "error E () | the Java interface has a method Get, the description of a.b has none",
                "method Get(name: string, parts: []P) -> () "
                        + "| Get, parameter name is string in the description of a.b, and ?string in the Java interface",
                "method Get(name: ?string) -> () | Get, parameter parts is in the Java interface, and not in the description",
                "method Get(name: ?string, parts: []P, more: int) -> () | parameter more is in the description of a.b, and not",
                "method Get(name: ?string, parts: P) -> () | parameter parts is (id: int, parts: [string]P)",
                "method Get(name: ?string, parts: [](id: int, parts: [string]int)) -> () | parts[] parts[string] is int",
                "method Get(name: ?string, parts: []P) -> (file: string, state: (on, off)) | reply file is string",
                "method Get(name: ?string, parts: []P) -> (file: int, state: (on, of)) | reply state is (on, of)",
            })
    void aDescriptionThatSaysSomethingElseIsRefused(String member, String problem) {
        String text = "interface a.b\ntype P (id: int, parts: [string]P)\n" + member;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> service().add(Small.class, NOBODY, text))
                .withMessageContaining(problem);
    }

    interface Plain {}

    @VarlinkInterface("plain")
    interface WrongName {}

    @VarlinkInterface("a.b")
    interface NoException {
        void m();
    }

    @VarlinkInterface("a.b")
    interface NoRecord {
        String m() throws IOException;
    }

    @VarlinkInterface("a.b")
    interface Overloaded {
        void m() throws IOException;

        void m(int x) throws IOException;
    }

    @VarlinkInterface("a.b")
    interface NoType {
        void m(Thread thread) throws IOException;
    }

    @VarlinkInterface("a.b")
    interface NoKey {
        void m(Map<Integer, String> map) throws IOException;
    }

    @VarlinkInterface("a.b")
    interface TwiceOptional {
        void m(Optional<Optional<String>> text) throws IOException;
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                String.class,
                Plain.class,
                WrongName.class,
                NoException.class,
                NoRecord.class,
                Overloaded.class,
                NoType.class,
                NoKey.class,
                TwiceOptional.class
            })
    void whatCanBeNoVarlinkInterfaceIsRefusedWithTheReason(Class<?> type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JavaInterface.of(type))
                .withMessageContaining(type == String.class ? "is no interface" : "")
                .withMessageMatching(
                        "(?s).*(no interface with the annotation|two or more parts|must declare IOException"
                                + "|can return nothing, a record|two of that name|has no type for|optional of an optional).*");
    }

    @Test
    void aServiceHasEachInterfaceOnce() {
        VarlinkService.Builder builder = service().add(Files.class, new FilesOfTheTest());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add("interface org.example.files", call -> {}))
                .withMessageContaining("org.example.files already");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.add("interface org.varlink.service", call -> {}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp:127.0.0.1:99", "exec:/bin/x", "unix:/run/x;mode=0600", "unix:", ""})
    void anAddressThatIsNoneIsRefused(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> VarlinkClient.connect(address));
    }

    record Box<T>(T value) {}

    @VarlinkInterface("a.b")
    interface TakesGeneric {
        void put(Box<String> box) throws IOException;
    }

    @VarlinkInterface("a.b")
    interface ReturnsGeneric {
        Box<String> get() throws IOException;
    }

    @ParameterizedTest
    @ValueSource(classes = {TakesGeneric.class, ReturnsGeneric.class})
    void aGenericRecordIsNamedWhereItIsRefused(Class<?> type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JavaInterface.of(type))
                .withMessageContaining("JavaInterfaceTest$Box<T> is a generic record")
                .withMessageContaining("write a record without type parameters");
    }
}
