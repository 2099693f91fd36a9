package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.json.IndexedFds;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Null stands where an optional stands, and nowhere else. */
class NullsTest {
    record Inner(Optional<String> name, List<String> words) {}

    /** A path is made of paths: of itself, if it has one name. */
    record Outer(Path path, List<Inner> all) {}

    private static Object read(String json) throws Json.MismatchException {
        return Json.read(
                Json.read(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                Outer.class,
                IndexedFds.of(List.of()),
                true);
    }

    @Test
    void isFoundWhereverItIs() {
        assertThatExceptionOfType(Json.MismatchException.class)
                .isThrownBy(() -> read("{\"path\":\"etc\",\"all\":[{\"name\":null,\"words\":[\"x\",null]}]}"))
                .satisfies(e -> assertThat(e.where).isEqualTo("all[0].words[1]"));
    }

    @Test
    void mayStandForWhatIsOptional() throws Exception {
        assertThat(read("{\"path\":\"etc\",\"all\":[{\"name\":null,\"words\":[\"x\"]}]}"))
                .isInstanceOfSatisfying(
                        Outer.class,
                        outer -> assertThat(outer.all().getFirst().name()).isEmpty());
    }
}
