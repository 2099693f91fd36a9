package dev.fdpass.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.AsFd;
import dev.fdpass.EventFd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever a value holds is found, in order, and what cannot be looked at does not keep the rest from being found. */
class DescriptorSearchTest {
    private static final DescriptorSearch SEARCH = new DescriptorSearch(
            OpenPackages.to(DescriptorSearchTest.class.getModule(), (theirs, name, to) -> theirs.addOpens(name, to)));

    private final List<AsFd> made = new ArrayList<>();

    private EventFd fd() throws IOException {
        EventFd fd = EventFd.create();
        made.add(fd);
        return fd;
    }

    @AfterEach
    void close() throws IOException {
        for (AsFd each : made) {
            each.asFd().close();
        }
    }

    private static List<AsFd> in(@Nullable Object value) {
        List<AsFd> found = new ArrayList<>();
        SEARCH.in(value, found::add);
        return found;
    }

    record Two(
            AsFd first, String text, int number, @Nullable Object second) {}

    @Test
    void inRecordsListsSetsArraysMapsAndOptionals() throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("list", List.of(fd(), fd()));
        map.put("array", new EventFd[] {fd(), null});
        map.put("optional", Optional.of(Optional.of(fd())));
        map.put("null", null);
        map.put("set", Set.of(fd()));
        AsFd first = fd();
        List<AsFd> expected = new ArrayList<>();
        expected.add(first);
        expected.addAll(made.subList(0, made.size() - 1));
        assertThat(in(new Two(first, "x", 1, map))).containsExactlyElementsOf(expected);
    }

    @Test
    void inWhatHasNoneThereIsNone() {
        assertThat(in(null)).isEmpty();
        assertThat(in(List.of("x", 1, Optional.empty(), new byte[1], Path.of("etc"), Map.of("x", 1))))
                .isEmpty();
    }

    @Test
    void aPathOfOneNameHasItselfInIt() throws IOException {
        assertThat(in(new Two(fd(), "x", 1, Path.of("etc")))).containsExactlyElementsOf(made);
    }

    record Broken(AsFd first, AsFd second, AsFd third) {
        @Override
        public AsFd second() {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void anAccessorThatThrowsIsToldOfWhenAllElseIsFound() throws IOException {
        EventFd first = fd();
        EventFd third = fd();
        EventFd behind = fd();
        List<AsFd> found = new ArrayList<>();
        assertThatIllegalStateException()
                .isThrownBy(() -> SEARCH.in(List.of(new Broken(first, first, third), behind), found::add))
                .withMessage("broken");
        assertThat(found).containsExactly(first, third, behind);
    }
}
