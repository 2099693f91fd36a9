package dev.fdpass.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fdpass.OwnedFd;
import dev.fdpass.testing.TestFiles;
import dev.fdpass.varlink.Files.Colour;
import dev.fdpass.varlink.Files.Everything;
import dev.fdpass.varlink.Files.Line;
import dev.fdpass.varlink.Files.Opened;
import dev.fdpass.varlink.Files.Value;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A Java interface on both sides. Every test ends with the descriptors that it began with. */
class TypedCallsTest {
    @Test
    void aReplyBringsADescriptor() throws IOException {
        try (Served served = Served.start();
                VarlinkClient client = served.connect()) {
            Files files = client.proxy(Files.class);
            Opened opened = files.open("/etc/hosts", Optional.of(3L));
            try (OwnedFd file = opened.file()) {
                assertThat(file.size()).isEqualTo(opened.size());
                assertThat(file.position()).isEqualTo(3);
                assertThat(TestFiles.text(file))
                        .isEqualTo(java.nio.file.Files.readString(java.nio.file.Path.of("/etc/hosts")));
            }
        }
    }

    @Test
    void aParameterIsADescriptor() throws IOException {
        try (Served served = Served.start();
                VarlinkClient client = served.connect();
                OwnedFd file = TestFiles.holding("one")) {
            client.proxy(Files.class).append(file, " and two");
            assertThat(TestFiles.text(file)).isEqualTo("one and two");
        }
    }

    @Test
    void descriptorsCanBeAnywhereInAValue() throws IOException {
        try (Served served = Served.start();
                VarlinkClient client = served.connect();
                OwnedFd a = TestFiles.holding("a");
                OwnedFd b = TestFiles.holding("b");
                OwnedFd c = TestFiles.holding("c");
                OwnedFd d = TestFiles.holding("d")) {
            Value value = new Value(
                    true,
                    -7,
                    0.5,
                    "tëxt",
                    Colour.GREEN,
                    List.of(1, 2),
                    Map.of("a", a),
                    Optional.of(b),
                    List.of(c, d, c),
                    Optional.empty());
            Value same = client.proxy(Files.class).echo(new Everything(value)).value();
            List<OwnedFd> came = new ArrayList<>(same.some());
            came.addAll(same.named().values());
            came.add(same.maybe().orElseThrow());
            try {
                assertThat(same)
                        .usingRecursiveComparison()
                        .ignoringFields("named", "maybe", "some")
                        .isEqualTo(value);
                List<String> texts = new ArrayList<>();
                for (OwnedFd fd : came) {
                    texts.add(TestFiles.text(fd));
                }
                assertThat(texts).containsExactly("c", "d", "c", "a", "b");
            } finally {
                for (OwnedFd fd : came) {
                    fd.close();
                }
            }
        }
    }

    @Test
    void manyRepliesComeOneAfterTheOther() throws IOException {
        try (Served served = Served.start();
                VarlinkClient client = served.connect();
                OwnedFd file = TestFiles.holding("x\ny\nz\n")) {
            Files files = client.proxy(Files.class);
            try (Replies<Line> lines = files.lines(file)) {
                assertThat(all(lines)).containsExactly(new Line(1, "x"), new Line(2, "y"), new Line(3, "z"));
            }
            files.append(file, "again"); // the connection is free again
            try (OwnedFd nothing = TestFiles.holding("");
                    Replies<Line> lines = files.lines(nothing)) {
                assertThat(all(lines)).isEmpty();
            }
        }
    }

    private static <T> List<T> all(Replies<T> replies) throws IOException {
        List<T> all = new ArrayList<>();
        for (Optional<T> next = replies.next(); next.isPresent(); next = replies.next()) {
            all.add(next.get());
        }
        return all;
    }

    @Test
    void eachOfManyRepliesBringsItsDescriptors() throws IOException {
        try (Served served = Served.start();
                VarlinkClient client = served.connect();
                Replies<Opened> made = client.proxy(Files.class).make(20, true)) {
            for (int i = 0; i < 20; i++) {
                try (OwnedFd file = made.next().orElseThrow().file()) {
                    assertThat(TestFiles.text(file)).isEqualTo("file " + i);
                }
            }
            assertThatExceptionOfType(VarlinkException.class)
                    .isThrownBy(made::next)
                    .matches(e -> e.is("org.example.files.NotFound"));
            assertThat(made.next()).isEmpty();
            assertThat(client.info().product()).isEqualTo("Tests");
        }
    }

    @Test
    void whoDoesNotWantTheRestClosesTheConnectionAndTheServiceHearsOfIt() throws Exception {
        try (Served served = Served.start();
                VarlinkClient client = served.connect()) {
            Files files = client.proxy(Files.class);
            try (Replies<Line> lines = files.watch()) {
                assertThat(lines.next()).contains(new Line(0, "first"));
                assertThatIllegalStateException()
                        .isThrownBy(() -> files.fail("error"))
                        .withMessageContaining("a call with more is being answered");
                assertThat(served.files.watched.await(60, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(client.isOpen()).isFalse();
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> files.fail("error"));
            assertThat(served.files.unwatched.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anErrorHasANameAndParametersAndTheConnectionStaysUsable() throws IOException {
        try (Served served = Served.start();
                VarlinkClient client = served.connect()) {
            Files files = client.proxy(Files.class);
            assertThatExceptionOfType(VarlinkException.class)
                    .isThrownBy(() -> files.fail("error"))
                    .satisfies(e -> {
                        assertThat(e.error()).isEqualTo("org.example.files.Failed");
                        assertThat(e.parameters().path("how").asText()).isEqualTo("error");
                    });
            assertThatExceptionOfType(VarlinkException.class)
                    .isThrownBy(() -> files.fail("denied"))
                    .matches(e -> e.is(VarlinkException.PERMISSION_DENIED));
            for (String how : List.of("system", "bug")) {
                assertThatExceptionOfType(VarlinkException.class)
                        .isThrownBy(() -> files.fail(how))
                        .matches(e -> e.is(VarlinkException.INTERNAL_ERROR))
                        .matches(e -> e.parameters().isEmpty(), "tells nothing of the service");
            }
            files.open("/etc/hosts", Optional.empty()).file().close();
        }
    }

    @Test
    void whoeverCallsIsKnown() throws IOException {
        try (Served served = Served.start();
                VarlinkClient client = served.connect()) {
            assertThat(client.proxy(Files.class).talk("").user())
                    .isEqualTo(dev.fdpass.Credentials.ofSelf().uid());
        }
    }

    @Test
    void manyThreadsShareAConnection() throws Exception {
        try (Served served = Served.start();
                VarlinkClient client = served.connect();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Files files = client.proxy(Files.class);
            List<Future<String>> texts = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String text = "text " + i;
                texts.add(threads.submit(() -> {
                    try (OwnedFd file = TestFiles.holding(text)) {
                        files.append(file, "!");
                        return TestFiles.text(file);
                    }
                }));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(texts.get(i).get()).isEqualTo("text " + i + "!");
            }
        }
    }
}
