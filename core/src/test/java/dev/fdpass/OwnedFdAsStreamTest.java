package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.Text;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What everyone does with a received file: {@link Channels}. */
class OwnedFdAsStreamTest {
    @TempDir
    private Path directory;

    @Test
    void aFileIsReadFromItsPositionToItsEnd() throws IOException {
        Path path = Files.writeString(directory.resolve("file"), "0123456789");
        try (OwnedFd fd = OwnedFd.open(path)) {
            fd.position(2);
            InputStream in = Channels.newInputStream(fd);

            assertThat(in.available()).isEqualTo(8);
            assertThat(in.read()).isEqualTo('2');
            assertThat(in.skip(3)).isEqualTo(3);
            assertThat(in.readNBytes(2)).isEqualTo("67".getBytes(UTF_8));
            assertThat(in.readAllBytes()).isEqualTo("89".getBytes(UTF_8));
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.available()).isZero();
            assertThat(in.skip(1)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8192, 65_537, 1_000_000})
    void aFileIsTransferred(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        Path path = Files.write(directory.resolve("file"), content);
        Path copy = directory.resolve("copy");
        try (OwnedFd in = OwnedFd.open(path);
                OwnedFd out = OwnedFd.open(copy, WRITE, CREATE)) {
            assertThat(Channels.newInputStream(in).transferTo(Channels.newOutputStream(out)))
                    .isEqualTo(size);
            assertThat(copy).hasBinaryContent(content);

            ByteArrayOutputStream memory = new ByteArrayOutputStream();
            in.position(0);
            Channels.newInputStream(in).transferTo(memory);
            assertThat(memory.toByteArray()).isEqualTo(content);
        }
    }

    @Test
    void aFileChannelTransfersToAndFromIt() throws IOException {
        Path path = Files.writeString(directory.resolve("file"), "0123456789");
        Path other = Files.writeString(directory.resolve("other"), "abc");
        try (OwnedFd fd = OwnedFd.open(path, READ, WRITE);
                FileChannel channel = FileChannel.open(other, READ, WRITE)) {
            assertThat(channel.transferTo(0, 3, fd)).isEqualTo(3);
            assertThat(path).hasContent("abc3456789");
            assertThat(channel.transferFrom(fd, 1, 100)).isEqualTo(7);
            assertThat(other).hasContent("a3456789");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/status", "/proc/cpuinfo", "/proc/version"})
    void aFileThatHasNoSizeIsReadToItsEnd(String path) throws IOException {
        try (OwnedFd fd = OwnedFd.open(Path.of(path))) {
            assertThat(fd.size()).isZero();
            assertThat(new String(Channels.newInputStream(fd).readAllBytes(), UTF_8))
                    .hasLineCount(Files.readAllLines(Path.of(path)).size())
                    .isNotEmpty();
        }
    }

    @Test
    void aPipeIsReadToItsEnd() throws IOException {
        int[] ends = LibcCalls.pipe();
        try (OwnedFd in = OwnedFd.adopt(ends[0])) {
            try (OutputStream out = Channels.newOutputStream(OwnedFd.adopt(ends[1]))) {
                out.write("0123456789".getBytes(UTF_8));
                out.write('x');
                out.write(new byte[0]);
            }
            InputStream stream = Channels.newInputStream(in);

            // Nothing to skip by a position; and how much waits, a seekable channel says by its size, which is 0 here.
            assertThat(stream.skip(4)).isZero();
            assertThat(stream.available()).isZero();
            assertThat(stream.readNBytes(4)).isEqualTo("0123".getBytes(UTF_8));
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            assertThat(stream.transferTo(rest)).isEqualTo(7);
            assertThat(rest.toString(UTF_8)).isEqualTo("456789x");
            assertThat(stream.read()).isEqualTo(-1);
            assertThat(stream.readAllBytes()).isEmpty();
        }
    }

    @Test
    void aReaderAndAWriterDecodeAndEncode() throws IOException {
        Path path = directory.resolve("text");
        try (var writer = Channels.newWriter(OwnedFd.open(path, WRITE, CREATE_NEW), UTF_8)) {
            writer.write("Grüße\nzweite Zeile\n");
        }
        try (var reader = new BufferedReader(Channels.newReader(OwnedFd.open(path), UTF_8))) {
            assertThat(reader.lines()).containsExactly("Grüße", "zweite Zeile");
        }
    }

    @Test
    void closingAStreamClosesTheDescriptor() throws IOException {
        OwnedFd fd = OwnedFd.open(Path.of("/dev/null"), WRITE);
        Channels.newOutputStream(fd).close();

        assertThat(fd.isOpen()).isFalse();
    }

    @Test
    void aWriteOfAnEmptyBufferIsNothing() throws IOException {
        try (OwnedFd fd = OwnedFd.open(Path.of("/dev/null"), WRITE)) {
            assertThat(fd.write(Text.buffer(""))).isZero();
        }
    }
}
