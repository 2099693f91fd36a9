package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is made from Java can be read again as what was made: anything else is refused when the service is built, and not found
 * out by whoever introspects it.
 */
class GeneratedDescriptionsTest {
    @VarlinkInterface("a.b")
    interface Everything {
        Node all(
                byte[] blob,
                short[] numbers,
                Set<Optional<String>> texts,
                Map<String, List<Map<String, OwnedFd>>> files,
                OptionalDouble real,
                JsonNode any,
                @JsonProperty("with_underscore") String withUnderscore)
                throws IOException;

        record Node(Optional<Node> left, List<Node> others) {}
    }

    @Test
    void recursiveRecordsAndNestedCollections() {
        String text = JavaInterface.of(Everything.class).description().text();
        assertThat(text).isEqualTo("""
                interface a.b

                type Node (left: ?Node, others: []Node)

                method All(
                  blob: string,
                  numbers: []int,
                  texts: []?string,
                  files: [string][][string]int,
                  real: ?float,
                  any: object,
                  with_underscore: string
                ) -> (left: ?Node, others: []Node)
                """);
        assertThat(InterfaceDescription.parse(text).text()).isEqualTo(text);
    }

    @VarlinkInterface("a.b")
    interface Umlaut {
        void m(@JsonProperty("p\u00e4th") String path) throws IOException;
    }

    @VarlinkInterface("a.b")
    interface Underscore {
        void m(String path_) throws IOException;
    }

    @VarlinkInterface("a.b")
    interface TwoUnderscores {
        R m() throws IOException;

        record R(@JsonProperty("a__b") int x) {}
    }

    @VarlinkInterface("a.b")
    interface Constant {
        void m(Colour colour) throws IOException;

        enum Colour {
            _RED
        }
    }

    @VarlinkInterface("a.b")
    interface NoConstant {
        void m(None none) throws IOException;

        enum None {}
    }

    @VarlinkInterface("a.b")
    interface TypeAsMethod {
        void open(Open open) throws IOException;

        record Open(int x) {}
    }

    @VarlinkInterface("a.b")
    interface TwiceInMethod {
        void m(@JsonProperty("x") int a, @JsonProperty("x") int b) throws IOException;
    }

    @VarlinkInterface("a.b")
    interface TwiceInRecord {
        Both m() throws IOException;

        record Both(
                @JsonProperty("x") int a, @JsonProperty("x") int b) {}
    }

    @VarlinkInterface(value = "a.b", documentation = "one\rmethod Evil() -> ()")
    interface Comment {
        void m() throws IOException;
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Umlaut.class,
                Underscore.class,
                TwoUnderscores.class,
                Constant.class,
                NoConstant.class,
                TypeAsMethod.class,
                TwiceInMethod.class,
                TwiceInRecord.class,
                Comment.class
            })
    void whatTheLanguageCannotSayIsRefused(Class<?> type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JavaInterface.of(type))
                .withMessageContaining(type.getName())
                .withMessageMatching("(?s).*(a name has letters, digits and single underscores|has no constants"
                        + "|another type, method or error with that name|the name x is there twice|carriage return).*");
    }

    @Test
    void aDescriptionThatWasPutTogetherCanBeReadAgainOrIsRefused() {
        VarlinkType.Struct none = VarlinkType.Struct.EMPTY;
        VarlinkType deep = VarlinkType.Simple.INT;
        for (int i = 0; i < 65; i++) {
            deep = new VarlinkType.Array(deep);
        }
        refused("type T", new InterfaceDescription.Type("T", deep, ""));
        refused("not described in this interface", type(new VarlinkType.Named("U")));
        refused(
                "optional of an optional",
                type(new VarlinkType.Optional(new VarlinkType.Optional(VarlinkType.Simple.INT))));
        refused("nest deeper than 64", type(deep));
        refused("begins with a capital", new InterfaceDescription.Type("t", none, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new VarlinkType.Enumeration(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InterfaceDescription("a", "", List.of(), List.of(), List.of()));
    }

    private static InterfaceDescription.Type type(VarlinkType member) {
        return new InterfaceDescription.Type(
                "T", new VarlinkType.Struct(List.of(new VarlinkType.Field("a", member))), "");
    }

    private static void refused(String problem, InterfaceDescription.Type type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InterfaceDescription("a.b", "", List.of(type), List.of(), List.of()))
                .withMessageContaining(problem);
    }
}
