package dev.fdpass.bench.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link Ends} in loops of their own: a copy of the class {@link OwnLoops} for each lane, so that the compiler finds
 * one callee in each loop, whoever else was measured before.
 */
public final class EndsLane implements Lane {
    private static final byte[] LOOPS = loops();

    private final Ends ends;
    private final Loops loops;
    private final Work work;

    /** The loops, in words. */
    interface Loops {
        void pass(Ends ends, int operations, int messages) throws IOException;

        void ping(Ends ends, int operations) throws IOException;

        void pong(Ends ends, int operations) throws IOException;

        void send(Ends ends, int operations) throws IOException;

        void receive(Ends ends, int operations) throws IOException;
    }

    /**
     * A lane over two sockets.
     *
     * @param work what to do
     * @param ends where; the lane closes them
     */
    public EndsLane(Work work, Ends ends) {
        this.work = work;
        this.ends = ends;
        try {
            loops = (Loops) MethodHandles.lookup()
                    .defineHiddenClass(LOOPS, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the loops", e);
        }
    }

    private static byte[] loops() {
        try (InputStream in = EndsLane.class.getResourceAsStream("OwnLoops.class")) {
            if (in == null) {
                throw new IllegalStateException("no OwnLoops.class");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public End near() {
        return switch (work.flow()) {
            case PASS -> operations -> loops.pass(ends, operations, work.messages());
            case PING_PONG -> operations -> loops.ping(ends, operations);
            case ONE_WAY -> operations -> loops.send(ends, operations);
        };
    }

    @Override
    public @Nullable End far() {
        return switch (work.flow()) {
            case PASS -> null;
            case PING_PONG -> operations -> loops.pong(ends, operations);
            case ONE_WAY -> operations -> loops.receive(ends, operations);
        };
    }

    @Override
    public void stop() throws IOException {
        ends.stop();
    }

    @Override
    public void close() throws IOException {
        ends.close();
    }
}
