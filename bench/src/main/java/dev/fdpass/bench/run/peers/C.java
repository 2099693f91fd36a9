package dev.fdpass.bench.run.peers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.fdpass.bench.run.Contender;
import dev.fdpass.bench.run.Lane;
import dev.fdpass.bench.run.SentFds;
import dev.fdpass.bench.run.UnavailableException;
import dev.fdpass.bench.run.Work;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** C: one downcall for all the operations of a turn, on the same threads as everybody else. */
public final class C implements Contender {
    private static final FunctionDescriptor LOOP = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT);

    private final String name;
    private final String prefix;
    private final boolean batches;
    private @Nullable CLibrary library;

    private C(String name, String prefix, boolean batches) {
        this.name = name;
        this.prefix = prefix;
        this.batches = batches;
    }

    /** {@return the ordinary loop} */
    public static C plain() {
        return new C("c", "plain", false);
    }

    /** {@return with every trick} */
    public static C tricks() {
        return new C("c-tricks", "tricks", true);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Lane open(Work work, SentFds sent) throws IOException, UnavailableException {
        int messages = work.messages();
        MemorySegment lane = open(work.kind(), work.bytes(), work.buffers(), work.fds(), messages, sent);
        return switch (work.flow()) {
            case PASS -> new CLane(lane, batches && messages > 1 ? "batch" : "pass", null);
            case PING_PONG -> new CLane(lane, "ping", "pong");
            case ONE_WAY -> new CLane(lane, "send", "receive");
        };
    }

    /**
     * Gets ready to send messages of any size through a stream on one thread, which sends and receives in turn.
     *
     * @param bytes of a message
     * @param buffers of a message, of the same size
     * @param fds of a message
     * @param sent the descriptors to send, as many or more
     * @return what does it
     * @throws UnavailableException if there is no gcc
     * @throws IOException if it cannot
     */
    public Lane openFlow(int bytes, int buffers, int fds, SentFds sent) throws IOException, UnavailableException {
        return new CLane(open(Work.Kind.STREAM, bytes, buffers, fds, 1, sent), "flow", null);
    }

    private MemorySegment open(Work.Kind kind, int bytes, int buffers, int fds, int messages, SentFds sent)
            throws IOException, UnavailableException {
        CLibrary c = library;
        if (c == null) {
            c = CLibrary.load();
            library = c;
        }
        MemorySegment lane;
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle open = c.function(
                    "lane_open",
                    FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
            lane = (MemorySegment) open.invokeExact(
                    SocketTypes.number(kind),
                    bytes,
                    buffers,
                    fds,
                    messages,
                    arena.allocateFrom(JAVA_INT, sent.numbers()));
        } catch (Throwable t) {
            throw new IOException(t);
        }
        if (lane.address() == 0) {
            throw new IOException("lane_open failed");
        }
        return lane;
    }

    private CLibrary library() {
        return Objects.requireNonNull(library);
    }

    private final class CLane implements Lane {
        private final MemorySegment lane;
        private final End near;
        private final @Nullable End far;

        CLane(MemorySegment lane, String near, @Nullable String far) {
            this.lane = lane;
            this.near = end(near);
            this.far = far == null ? null : end(far);
        }

        private End end(String loop) {
            MethodHandle function = library().function(prefix + "_" + loop, LOOP);
            return operations -> {
                int error;
                try {
                    error = (int) function.invokeExact(lane, operations);
                } catch (Throwable t) {
                    throw new IOException(t);
                }
                if (error != 0) {
                    throw new IOException(prefix + "_" + loop + ": " + error);
                }
            };
        }

        @Override
        public End near() {
            return near;
        }

        @Override
        public @Nullable End far() {
            return far;
        }

        @Override
        public void stop() throws IOException {
            call("lane_stop");
        }

        @Override
        public void close() throws IOException {
            call("lane_close");
        }

        private void call(String function) throws IOException {
            try {
                library().function(function, FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(lane);
            } catch (Throwable t) {
                throw new IOException(t);
            }
        }
    }
}
