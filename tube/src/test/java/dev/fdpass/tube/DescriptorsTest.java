package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.AsFd;
import dev.fdpass.EventFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The descriptors of a message are found wherever a message can have them, and closed all. */
class DescriptorsTest {
    @SuppressWarnings("ArrayRecordComponent")
    record Message(
            OwnedFd file,
            String text,
            int number,
            Optional<EventFd> bell,
            List<OwnedFd> list,
            Set<OwnedFd> set,
            Map<String, List<OwnedFd>> map,
            OwnedFd[] array,
            Object anything,
            Message inner,
            Tube<ToWorker, FromWorker> tube) {}

    @Test
    void theyAreFoundInTheOrderOfTheComponentsAndAllAreClosed() throws IOException {
        OwnedFd[] files = new OwnedFd[8];
        for (int i = 0; i < files.length; i++) {
            files[i] = TestFiles.holding("file " + i);
        }
        EventFd bell = EventFd.create();
        TubePair<ToWorker, FromWorker> pair = Tube.pair(ToWorker.class, FromWorker.class);
        Map<String, List<OwnedFd>> map = new LinkedHashMap<>();
        map.put("a", List.of(files[3], files[4]));
        map.put("b", null);
        Message message = new Message(
                files[0],
                "text",
                1,
                Optional.of(bell),
                Arrays.asList(files[1], null),
                Set.of(files[2]),
                map,
                new OwnedFd[] {files[5], null},
                files[6],
                new Message(files[7], null, 0, Optional.empty(), null, null, null, null, "nothing", null, null),
                pair.first());

        assertThat(Descriptors.in(message))
                .containsExactly(
                        files[0],
                        bell,
                        files[1],
                        files[2],
                        files[3],
                        files[4],
                        files[5],
                        files[6],
                        files[7],
                        pair.first());
        files[3].close();
        Descriptors.closeAll(message);
        assertThat(files).noneMatch(OwnedFd::isOpen);
        assertThat(bell.isOpen()).isFalse();
        assertThat(pair.first().isOpen()).isFalse();
        Descriptors.closeAll(message);
        pair.close();
    }

    @Test
    void whatHoldsNoneHasNone() throws IOException {
        assertThat(Descriptors.in("text")).isEmpty();
        assertThat(Descriptors.in(List.of(1, Map.of("a", ToWorker.Mode.FAST), new ToWorker.Ping())))
                .isEmpty();
        try (OwnedFd file = TestFiles.holding("x")) {
            assertThat(Descriptors.in(file)).containsExactly((AsFd) file);
        }
    }
}
