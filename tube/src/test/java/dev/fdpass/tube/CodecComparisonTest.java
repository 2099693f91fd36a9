package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.json.IndexedFds;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The same messages as JSON, as CBOR, and as JSON that does not look for members that come twice. With
 * {@code -Dtube.measure.rounds=200}, what they cost: the figures of docs/tube.md.
 */
class CodecComparisonTest {
    private static final int ROUNDS = Integer.getInteger("tube.measure.rounds", 1);
    private static final int WARM_UP = ROUNDS == 1 ? 0 : ROUNDS / 2;
    private static final int OPERATIONS = 500;

    record Item(int id, String name, double price, boolean isNew, List<String> tags) {}

    sealed interface Message {
        record Plain(String name, long number) implements Message {}

        record OneFile(String name, OwnedFd file) implements Message {}

        record FiveFiles(String name, Map<String, OwnedFd> files) implements Message {}

        record Items(List<Item> items) implements Message {}

        @SuppressWarnings("ArrayRecordComponent")
        record Bytes(String name, byte[] bytes) implements Message {}
    }

    private static ObjectMapper plain(ObjectMapper mapper) {
        return mapper.registerModules(new Jdk8Module(), new JavaTimeModule())
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    private static Map<String, MessageFormat<Message>> contenders() {
        Map<String, MessageFormat<Message>> all = new LinkedHashMap<>();
        all.put("JSON", JacksonCodec.json().format(Message.class));
        all.put(
                "JSON, duplicates unnoticed",
                JacksonCodec.of(plain(new JsonMapper())).format(Message.class));
        all.put("CBOR", JacksonCodec.of(plain(new CBORMapper())).format(Message.class));
        return all;
    }

    @Test
    void allOfThemGiveBackTheSame() throws IOException {
        List<OwnedFd> files = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                files.add(TestFiles.holding("file " + i));
            }
            for (Message message : messages(files)) {
                compare(message);
            }
        } finally {
            Descriptors.closeAll(files);
        }
    }

    private static List<Message> messages(List<OwnedFd> files) {
        Map<String, OwnedFd> five = new LinkedHashMap<>();
        for (int i = 0; i < 5; i++) {
            five.put("key " + i, files.get(i));
        }
        List<Item> items = IntStream.range(0, 20)
                .mapToObj(i -> new Item(i, "item number " + i, i * 1.25, i % 2 == 0, List.of("red", "large")))
                .toList();
        return List.of(
                new Message.Plain("some name", 1234567),
                new Message.OneFile("some name", files.getFirst()),
                new Message.FiveFiles("some name", five),
                new Message.Items(items),
                new Message.Bytes("some name", new byte[64 * 1024]));
    }

    private static void compare(Message message) throws IOException {
        Map<String, MessageFormat<Message>> contenders = contenders();
        Map<String, double[]> nanos = new LinkedHashMap<>();
        Map<String, Integer> sizes = new LinkedHashMap<>();
        for (var contender : contenders.entrySet()) {
            Conversation.Outgoing frame = new Conversation.Outgoing();
            Message back = passed(contender.getValue(), message, frame);
            if (message instanceof Message.Bytes sent) {
                assertThat(((Message.Bytes) back).bytes()).isEqualTo(sent.bytes());
            } else {
                assertThat(back).isEqualTo(message);
            }
            sizes.put(contender.getKey(), frame.size());
            nanos.put(contender.getKey(), new double[ROUNDS]);
        }
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (var contender : contenders.entrySet()) {
                long begin = System.nanoTime();
                for (int i = 0; i < OPERATIONS && ROUNDS > 1; i++) {
                    Message back = passed(contender.getValue(), message, new Conversation.Outgoing());
                    if (back == null) {
                        throw new AssertionError();
                    }
                }
                if (round >= 0) {
                    nanos.get(contender.getKey())[round] = (System.nanoTime() - begin) / (double) OPERATIONS;
                }
            }
        }
        if (ROUNDS > 1) {
            for (String name : contenders.keySet()) {
                System.out.printf(
                        "%-10s %-27s %6d bytes %8.0f ns  ratio to JSON %.2f%n",
                        message.getClass().getSimpleName(),
                        name,
                        sizes.get(name),
                        median(nanos.get(name)),
                        medianRatio(nanos.get(name), nanos.get("JSON")));
            }
        }
    }

    /** Encoded and decoded, without a socket between. */
    private static Message passed(MessageFormat<Message> format, Message message, Conversation.Outgoing frame)
            throws IOException {
        format.encode(message, frame, frame.sink());
        List<OwnedFd> fds = Arrays.stream(frame.fds()).map(AsFd::asFd).toList();
        FdSource source = new FdSource(IndexedFds.of(fds), Terms.USUAL);
        ByteBuffer bytes = frame.bytes();
        Message back = format.decode(bytes, source);
        source.finish(back);
        return back;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double medianRatio(double[] values, double[] to) {
        return median(IntStream.range(0, values.length)
                .mapToDouble(i -> values[i] / to[i])
                .toArray());
    }
}
