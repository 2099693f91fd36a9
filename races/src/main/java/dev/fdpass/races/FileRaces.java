package dev.fdpass.races;

import static dev.fdpass.races.Call.outcome;
import static dev.fdpass.races.Call.unchecked;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.fdpass.OwnedFd;
import dev.fdpass.memory.SharedMemory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** A file that a thread reads or writes while another closes it. */
public final class FileRaces {
    private static final String FORBIDDEN_DESC = "It leaked, was closed twice, or another file was used for it.";
    private static final byte CONTENT = 'O';

    private FileRaces() {}

    /** A file in memory under a name that no other has, and a foreign file that takes its number. */
    abstract static class Setting {
        private static final AtomicLong COUNT = new AtomicLong();

        final String name = "own-" + COUNT.incrementAndGet() + ".";
        final OwnedFd fd = unchecked(() -> SharedMemory.create(name, 1).asFd());

        private @Nullable Foreign foreign;

        Setting() {
            unchecked(() -> fd.write(ByteBuffer.wrap(new byte[] {CONTENT}), 0));
        }

        final String close() {
            return outcome(() -> {
                fd.close();
                foreign = new Foreign();
                return "closed";
            });
        }

        final String afterwards() {
            return Call.worst(
                    Foreign.afterwards(foreign, null),
                    unchecked(() -> nameOfNumber().contains(name) ? "leaked" : Call.CLEAN));
        }

        private String nameOfNumber() throws java.io.IOException {
            try {
                return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd.number()))
                        .toString();
            } catch (NoSuchFileException e) {
                return "";
            }
        }
    }

    @JCStressTest
    @Description("L01 L02: close against read")
    @Outcome(id = "closed, own, clean", expect = ACCEPTABLE, desc = "Read first; close waited.")
    @Outcome(id = "closed, refused, clean", expect = ACCEPTABLE, desc = "Closed first.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseAgainstRead extends Setting {
        @Actor
        public void closer(LLL_Result r) {
            r.r1 = close();
        }

        @Actor
        public void reader(LLL_Result r) {
            r.r2 = outcome(() -> {
                ByteBuffer buffer = ByteBuffer.allocate(1);
                return fd.read(buffer, 0) == 1 && buffer.get(0) == CONTENT ? "own" : "foreign";
            });
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }

    @JCStressTest
    @Description("L02: close against write")
    @Outcome(id = "closed, own, clean", expect = ACCEPTABLE, desc = "Written first; close waited.")
    @Outcome(id = "closed, refused, clean", expect = ACCEPTABLE, desc = "Closed first.")
    @Outcome(expect = FORBIDDEN, desc = FORBIDDEN_DESC)
    @State
    public static class CloseAgainstWrite extends Setting {
        @Actor
        public void closer(LLL_Result r) {
            r.r1 = close();
        }

        @Actor
        public void writer(LLL_Result r) {
            // What went elsewhere the foreign file shows afterwards.
            r.r2 = outcome(() -> fd.write(ByteBuffer.wrap(new byte[] {CONTENT}), 0) == 1 ? "own" : "nothing");
        }

        @Arbiter
        public void arbiter(LLL_Result r) {
            r.r3 = afterwards();
        }
    }
}
