package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record without any of its optional components is a reply, and not the end of them, wherever it stands. */
class RepliesThatSayNothingTest {
    @VarlinkInterface("org.example.names")
    public interface Names {
        Replies<Name> all(String names) throws IOException;

        record Name(Optional<String> name) {}
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "-", "--", "a-", "-a", "a-b", "ab--"})
    void noneIsLostAndNoneIsAdded(String names) throws IOException {
        List<Names.Name> wanted = names.chars()
                .mapToObj(c -> new Names.Name(c == '-' ? Optional.empty() : Optional.of(Character.toString(c))))
                .toList();
        VarlinkService service = VarlinkService.builder("a", "b", "c", "d")
                .add(Names.class, text -> Replies.of(wanted.stream().flatMap(Stream::of)))
                .build();
        try (VarlinkServer server = VarlinkServer.start(UnixStreamListener.bind(UnixAddress.unnamed()), service);
                VarlinkClient client = VarlinkClient.connect(server.localAddress());
                Replies<Names.Name> replies = client.proxy(Names.class).all(names)) {
            List<Names.Name> came = new ArrayList<>();
            for (Optional<Names.Name> next = replies.next(); next.isPresent(); next = replies.next()) {
                came.add(next.get());
            }
            assertThat(came).isEqualTo(wanted);
        }
    }
}
