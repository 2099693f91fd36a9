package dev.fdpass.examples.sharedring.run;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.tube.Tube;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The other process: does what comes through the tube at descriptor 3, until that ends, and then says what is left open. */
final class Peer implements AutoCloseable {
    static final int TUBE = 3;

    /** What a process that has closed everything says at last. */
    static final String ALL_CLOSED = "open: []";

    /** No answer for so long is a failure: nothing here takes a second. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<Contender, Lane> lanes = new EnumMap<>(Contender.class);
    private final Payload payload = new Payload(Arena.ofAuto());
    private final MemorySegment done = Arena.ofAuto().allocate(Payload.UNIT, Payload.UNIT);

    private Peer() {}

    /**
     * Works, and ends.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) throws IOException {
        try (Tube<Report, Order> tube = Tube.over(UnixSeqpacket.adopt(OwnedFd.adopt(TUBE)), Report.class, Order.class);
                Peer peer = new Peer()) {
            try {
                peer.work(tube);
            } catch (EOFException e) {
                // That was all.
            } catch (IOException | RuntimeException e) {
                tube.send(new Report.Failed(e.toString()));
            }
        }
        System.out.println("open: " + leftOpen());
    }

    private void work(Tube<Report, Order> tube) throws IOException {
        while (true) {
            Order order = tube.receive();
            if (order instanceof Order.OpenSocket(Contender contender, UnixStream socket, Duration spin)) {
                lanes.put(contender, socketLane(contender, socket, spin));
            }
            tube.send(new Report.Ready());
            switch (order) {
                case Order.OpenRing ring ->
                    lanes.put(ring.contender(), RingLane.over(ring.tube(), ring.capacity(), ring.spin(), PATIENCE));
                case Order.OpenSocket _ -> {}
                case Order.Receive(Contender contender, int size, int count) -> receive(lane(contender), size, count);
                case Order.Echo(Contender contender, int size, int count) -> echo(lane(contender), size, count);
            }
        }
    }

    static Lane socketLane(Contender contender, UnixStream socket, Duration spin) {
        return contender == Contender.FRAMED
                ? FramedLane.over(socket, spin, PATIENCE)
                : SocketLane.over(socket, spin, PATIENCE);
    }

    private Lane lane(Contender contender) {
        return Objects.requireNonNull(lanes.get(contender), contender + " is not open");
    }

    private void receive(Lane lane, int size, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            payload.check(lane.receive(size), i);
        }
        Payload.stamp(done, count);
        lane.send(done);
    }

    private void echo(Lane lane, int size, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            MemorySegment message = lane.receive(size);
            payload.check(message, i);
            lane.send(message);
        }
    }

    @Override
    public void close() throws IOException {
        for (Lane lane : lanes.values()) {
            lane.close();
        }
    }

    /** Descriptors beyond the standard streams, but for files, which the JVM opens for itself. */
    private static List<String> leftOpen() throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.toList()) {
                int number = Integer.parseInt(link.getFileName().toString());
                String name = number < TUBE ? "/" : nameOf(link);
                if (!name.startsWith("/") || name.startsWith("/memfd:")) {
                    open.add(name);
                }
            }
        }
        return open;
    }

    private static String nameOf(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return "/"; // the one that listed the others
        }
    }
}
