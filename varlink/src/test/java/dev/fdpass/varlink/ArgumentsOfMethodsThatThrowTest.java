package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** "Should it throw, they are closed for it": also if it looked at its call before. */
class ArgumentsOfMethodsThatThrowTest {
    @VarlinkInterface("org.example.keeper")
    public interface Keeper {
        void keep(OwnedFd fd, List<OwnedFd> more) throws IOException;
    }

    record Same(OwnedFd fd, List<OwnedFd> more) {}

    @Test
    void allAreClosedAndOthersAreNot() throws Exception {
        List<OwnedFd> given = new CopyOnWriteArrayList<>(); // kept, so that no cleaner closes them
        VarlinkService service = VarlinkService.builder("a", "b", "c", "d")
                .add(Keeper.class, (fd, more) -> {
                    given.add(fd);
                    given.addAll(more);
                    try {
                        VarlinkCall.current().parametersAs(Same.class);
                    } catch (VarlinkException e) {
                        String open = Boolean.toString(given.stream().allMatch(OwnedFd::isOpen));
                        throw new VarlinkException(e.error(), Map.of("open", open));
                    }
                })
                .build();
        try (VarlinkServer server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
                VarlinkClient client = VarlinkClient.connect(server.localAddress());
                OwnedFd file = TestFiles.holding("x")) {
            Map<String, Object> parameters = Map.of("fd", file, "more", List.of(file, file));
            assertThatExceptionOfType(VarlinkException.class)
                    .isThrownBy(() -> client.call("org.example.keeper.Keep", parameters))
                    .matches(e -> e.is(VarlinkException.INVALID_PARAMETER), "each is named once")
                    .matches(e -> e.parameters().path("open").asText().equals("true"), "they are the method's still");
            assertThat(given).hasSize(3).noneMatch(OwnedFd::isOpen);
            assertThat(client.isOpen()).isTrue();
        }
    }
}
