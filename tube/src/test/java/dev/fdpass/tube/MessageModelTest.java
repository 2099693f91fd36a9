package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random messages, and random damage to their bytes and descriptors. What is whole comes as it was; what is damaged is refused,
 * or comes with exactly the descriptors that it names; and in the end none is left. {@code -Dtube.model.seeds=100} for longer.
 */
class MessageModelTest {
    private static final int SEEDS = Integer.getInteger("tube.model.seeds", 3);
    private static final int MESSAGES = 400;
    private static final int FILES = 12;

    record Node(
            String name,
            long number,
            Optional<OwnedFd> maybe,
            List<OwnedFd> list,
            Map<String, OwnedFd> map,
            List<Node> children,
            Family one) {}

    sealed interface Family {
        record Leaf(OwnedFd fd, double real) implements Family {}

        record Twig(int number, String text) implements Family {}

        record Branch(List<Family> all) implements Family {}

        enum Bark implements Family {
            ROUGH,
            SMOOTH
        }
    }

    private final List<OwnedFd> files = new ArrayList<>();
    private final MessageFormat<Node> format = JacksonCodec.json().format(Node.class);

    @BeforeEach
    void openFiles() throws IOException {
        for (int i = 0; i < FILES; i++) {
            files.add(TestFiles.holding("file " + i));
        }
    }

    @AfterEach
    void closeFiles() throws IOException {
        Descriptors.closeAll(files);
    }

    static Stream<Arguments> kindsAndSeeds() {
        return Stream.of(SocketType.values())
                .flatMap(kind -> IntStream.rangeClosed(1, SEEDS).mapToObj(seed -> Arguments.of(kind, seed)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndSeeds")
    void wholeOrDamagedNothingIsLost(SocketType kind, long seed) throws IOException {
        Random random = new Random(seed);
        int refused = 0;
        int received = 0;
        try (RawPeer<Node, Node> peer = RawPeer.of(kind, Node.class, Node.class)) {
            for (int i = 0; i < MESSAGES; i++) {
                Node sent = node(random, 3);
                Conversation.Outgoing frame = encoded(sent);
                boolean isWhole = random.nextInt(3) == 0;
                if (isWhole) {
                    peer.raw().send(frame.bytes(), frame.fds());
                } else {
                    peer.raw().send(damaged(frame.bytes(), random), damaged(frame.fds(), random));
                }
                try {
                    Node back = peer.tube().receive();
                    received++;
                    if (isWhole) {
                        assertThat(encoded(back).bytes()).isEqualTo(frame.bytes());
                        assertThat(Descriptors.in(back))
                                .extracting(TestFiles::text)
                                .isEqualTo(Stream.of(frame.fds())
                                        .map(fd -> "file " + files.indexOf(fd.asFd()))
                                        .toList());
                    }
                    Descriptors.closeAll(back);
                } catch (MessageException e) {
                    refused++;
                    assertThat(isWhole).as(e.toString()).isFalse();
                }
                if (i % 50 == 0) {
                    TestFiles.awaitOpen(FILES);
                }
            }
            TestFiles.awaitOpen(FILES);
        }
        assertThat(refused).isPositive();
        assertThat(received).isPositive();
    }

    private Conversation.Outgoing encoded(Node node) throws IOException {
        Conversation.Outgoing frame = new Conversation.Outgoing();
        format.encode(node, frame, frame.sink());
        return frame;
    }

    // ---- Messages

    private Node node(Random random, int depth) {
        List<OwnedFd> list = new ArrayList<>();
        Map<String, OwnedFd> map = new LinkedHashMap<>();
        List<Node> children = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(random.nextInt(8) == 0 ? null : file(random));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(text(random), file(random));
        }
        for (int i = depth == 0 ? 0 : random.nextInt(3); i > 0; i--) {
            children.add(node(random, depth - 1));
        }
        return new Node(
                text(random),
                random.nextLong(),
                random.nextBoolean() ? Optional.of(file(random)) : Optional.empty(),
                list,
                map,
                children,
                random.nextInt(4) == 0 ? null : family(random, 3));
    }

    private Family family(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 4)) {
            case 0 -> new Family.Leaf(file(random), random.nextGaussian());
            case 1 -> new Family.Twig(random.nextInt(), text(random));
            case 2 -> random.nextBoolean() ? Family.Bark.ROUGH : Family.Bark.SMOOTH;
            default -> {
                List<Family> all = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    all.add(family(random, depth - 1));
                }
                yield new Family.Branch(all);
            }
        };
    }

    private OwnedFd file(Random random) {
        return files.get(random.nextInt(FILES));
    }

    /** No half surrogate pairs: those are no text. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0x80);
                        case 1 -> 0xa0 + random.nextInt(0x1000);
                        case 2 -> 0x1f300 + random.nextInt(0x100);
                        default -> 'a' + random.nextInt(26);
                    });
        }
        return text.toString();
    }

    // ---- Damage

    private static ByteBuffer damaged(ByteBuffer bytes, Random random) {
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        switch (random.nextInt(5)) {
            case 0 -> all[random.nextInt(all.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> all[random.nextInt(all.length)] = (byte) "{}[]:,\"0123456789 nu".charAt(random.nextInt(20));
            case 2 -> all = Arrays.copyOf(all, 1 + random.nextInt(all.length));
            case 3 -> {
                for (int i = 0; i < all.length; i++) {
                    // Most single digits are indexes of descriptors.
                    if (Character.isDigit(all[i]) && random.nextInt(20) == 0) {
                        all[i] = (byte) ('0' + random.nextInt(10));
                    }
                }
            }
            default -> {}
        }
        return ByteBuffer.wrap(all);
    }

    private AsFd[] damaged(AsFd[] fds, Random random) {
        List<AsFd> all = new ArrayList<>(List.of(fds));
        switch (random.nextInt(4)) {
            case 0 -> {
                if (!all.isEmpty()) {
                    all.remove(random.nextInt(all.size()));
                }
            }
            case 1 -> all.add(random.nextInt(all.size() + 1), file(random));
            default -> {}
        }
        List<AsFd> some = all.subList(0, Math.min(all.size(), FrameLimits.DEFAULT.maxFds()));
        return some.toArray(AsFd[]::new);
    }
}
