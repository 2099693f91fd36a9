package dev.fdpass;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.linux.Descriptors;
import dev.fdpass.testing.Background;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pipes without a name, and those with one, which the kernel reads and writes in other ways. */
class OwnedFdOnPipesTest {
    private static final int MORE_THAN_A_PIPE_HOLDS = 1 << 20;

    @TempDir
    private Path directory;

    private enum Kind {
        PIPE,
        FIFO
    }

    private record Pipe(OwnedFd in, OwnedFd out) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            in.close();
            out.close();
        }
    }

    private Pipe make(Kind kind) throws IOException, InterruptedException {
        if (kind == Kind.PIPE) {
            int[] ends = LibcCalls.pipe();
            return new Pipe(OwnedFd.adopt(ends[0]), OwnedFd.adopt(ends[1]));
        }
        Path path = directory.resolve("fifo");
        ChildProcess.run(List.of("mkfifo", path.toString())).outputOfSuccess();
        // Opening one end alone would wait for the other.
        try (OwnedFd _ = OwnedFd.open(path, READ, WRITE)) {
            return new Pipe(OwnedFd.open(path, READ), OwnedFd.open(path, WRITE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesComeOutInOrderAndThenTheEnd(Kind kind) throws Exception {
        try (Pipe pipe = make(kind)) {
            assertThat(pipe.out().write(new ByteBuffer[] {Text.buffer("ab"), Text.direct("cd")}))
                    .isEqualTo(4);
            pipe.out().close();

            ByteBuffer target = ByteBuffer.allocate(10);
            assertThat(pipe.in().read(target)).isEqualTo(4);
            assertThat(Text.before(target)).isEqualTo("abcd");
            assertThat(pipe.in().read(target)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aScatteringReadDoesNotWaitForMoreThanIsThere(Kind kind) throws Exception {
        try (Pipe pipe = make(kind)) {
            pipe.out().write(Text.buffer("abc"));

            ByteBuffer[] targets = {ByteBuffer.allocate(2), ByteBuffer.allocate(2)};
            long first = pipe.in().read(targets);
            // Perhaps not all of it at once, but never waiting for a byte that nobody writes.
            long second = first == 3 ? 0 : pipe.in().read(targets);

            assertThat(first + second).isEqualTo(3);
            assertThat(Text.before(targets[0]) + Text.before(targets[1])).isEqualTo("abc");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadWaitsForTheFirstByte(Kind kind) throws Exception {
        try (Pipe pipe = make(kind)) {
            Background<Integer> reader = Background.blocked(() -> pipe.in().read(ByteBuffer.allocate(10)));

            pipe.out().write(Text.buffer("x"));

            assertThat(reader.get()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L01: close wakes a thread that waits in a read")
    void closeWakesAReader(Kind kind) throws Exception {
        try (Pipe pipe = make(kind)) {
            Background<Integer> reader = Background.blocked(() -> pipe.in().read(ByteBuffer.allocate(10)));

            pipe.in().close();

            assertThat(reader.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L03: an interrupt wakes a thread that waits in a read, and closes")
    void interruptWakesAReader(Kind kind) throws Exception {
        try (Pipe pipe = make(kind)) {
            Background<Integer> reader = Background.blocked(() -> pipe.in().read(ByteBuffer.allocate(10)));

            reader.thread().interrupt();

            assertThat(reader.failure()).isInstanceOf(ClosedByInterruptException.class);
            assertThat(pipe.in().isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L01: close wakes a thread that waits in a write")
    void closeWakesAWriter(Kind kind) throws Exception {
        try (Pipe pipe = make(kind)) {
            ByteBuffer source = ByteBuffer.allocate(MORE_THAN_A_PIPE_HOLDS);
            Background<Integer> writer = Background.blocked(() -> pipe.out().write(source));

            pipe.out().close();

            assertThat(writer.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThat(source.position()).as("what went").isBetween(1, MORE_THAN_A_PIPE_HOLDS - 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L03: an interrupt wakes a thread that waits in a write, and closes")
    void interruptWakesAWriter(Kind kind) throws Exception {
        try (Pipe pipe = make(kind)) {
            Background<Integer> writer =
                    Background.blocked(() -> pipe.out().write(ByteBuffer.allocateDirect(MORE_THAN_A_PIPE_HOLDS)));

            writer.thread().interrupt();

            assertThat(writer.failure()).isInstanceOf(ClosedByInterruptException.class);
            assertThat(pipe.out().isOpen()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriteOfMoreThanItHoldsGoesOnAsItIsRead(Kind kind) throws Exception {
        byte[] content = new byte[MORE_THAN_A_PIPE_HOLDS];
        new Random(3).nextBytes(content);
        try (Pipe pipe = make(kind)) {
            Background<Integer> writer = Background.blocked(() -> {
                int written = pipe.out().write(ByteBuffer.wrap(content));
                pipe.out().close();
                return written;
            });

            assertThat(Channels.newInputStream(pipe.in()).readAllBytes()).isEqualTo(content);
            assertThat(writer.get()).isEqualTo(content.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R18: waiting changes no status flag of the open file description")
    void statusFlagsStayAsTheyWere(Kind kind) throws Exception {
        try (Pipe pipe = make(kind)) {
            long before = Descriptors.getStatusFlags(pipe.in().number());
            Background<Integer> reader = Background.blocked(() -> pipe.in().read(ByteBuffer.allocate(10)));

            assertThat(Descriptors.getStatusFlags(pipe.in().number())).isEqualTo(before);
            pipe.out().write(Text.buffer("x"));
            reader.get();
            assertThat(Descriptors.getStatusFlags(pipe.in().number())).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S07: a write to a pipe that nobody reads is an exception, and no signal")
    void aPipeThatNobodyReadsIsBroken(Kind kind) throws Exception {
        try (Pipe pipe = make(kind)) {
            pipe.in().close();

            assertThatThrownBy(() -> pipe.out().write(Text.buffer("x")))
                    .isInstanceOfSatisfying(
                            ErrnoException.class, e -> assertThat(e.name()).isEqualTo("EPIPE"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void thereIsNoPosition(Kind kind) throws Exception {
        try (Pipe pipe = make(kind)) {
            assertThat(pipe.in().position()).isZero();
            assertThat(pipe.in().size()).isZero();
            assertThat(pipe.in().position(0)).isSameAs(pipe.in());
            for (ThrowingCallable operation : List.<ThrowingCallable>of(
                    () -> pipe.in().position(1),
                    () -> pipe.in().read(ByteBuffer.allocate(1), 0),
                    () -> pipe.out().write(ByteBuffer.allocate(1), 0))) {
                assertThatThrownBy(operation)
                        .isInstanceOfSatisfying(
                                ErrnoException.class, e -> assertThat(e.name()).isEqualTo("ESPIPE"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theWrongEndSaysSoAsChannelsDo(Kind kind) throws Exception {
        try (Pipe pipe = make(kind)) {
            assertThatThrownBy(() -> pipe.in().write(Text.buffer("x"))).isInstanceOf(NonWritableChannelException.class);
            pipe.out().write(Text.buffer("x"));
            assertThatThrownBy(() -> pipe.out().read(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonReadableChannelException.class);
        }
    }
}
