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
                    SocketTypes.number(work.kind()),
                    work.bytes(),
                    work.buffers(),
                    work.fds(),
                    work.messages(),
                    arena.allocateFrom(JAVA_INT, sent.numbers()));
        } catch (Throwable t) {
            throw new IOException(t);
        }
        if (lane.address() == 0) {
            throw new IOException("lane_open failed");
        }
        return new CLane(c, lane, work);
    }

    private final class CLane implements Lane {
        private final CLibrary library;
        private final MemorySegment lane;
        private final End near;
        private final @Nullable End far;

        CLane(CLibrary library, MemorySegment lane, Work work) {
            this.library = library;
            this.lane = lane;
            switch (work.flow()) {
                case PASS -> {
                    near = end(batches && work.messages() > 1 ? "batch" : "pass");
                    far = null;
                }
                case PING_PONG -> {
                    near = end("ping");
                    far = end("pong");
                }
                case ONE_WAY -> {
                    near = end("send");
                    far = end("receive");
                }
                default -> throw new IllegalArgumentException(work.flow() + "");
            }
        }

        private End end(String loop) {
            MethodHandle function = library.function(prefix + "_" + loop, LOOP);
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
                library.function(function, FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(lane);
            } catch (Throwable t) {
                throw new IOException(t);
            }
        }
    }
}
