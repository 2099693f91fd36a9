package dev.fdpass;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.FdInfo.Access;
import dev.fdpass.FdInfo.Flag;
import dev.fdpass.FdInfo.Kind;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FdInfoTest {
    @TempDir
    private Path directory;

    @Test
    void aRegularFile() throws IOException {
        Path path = Files.writeString(directory.resolve("file"), "0123456789");
        try (OwnedFd fd = OwnedFd.open(path)) {
            FdInfo info = fd.info();

            assertThat(info.number()).isEqualTo(fd.number());
            assertThat(info.kind()).isEqualTo(Kind.REGULAR);
            assertThat(info.access()).isEqualTo(Access.READ);
            assertThat(info.size()).isEqualTo(10);
            assertThat(info.device()).isEqualTo(Files.getAttribute(path, "unix:dev"));
            assertThat(info.inode()).isEqualTo(Files.getAttribute(path, "unix:ino"));
            assertThat(info.name()).isEqualTo(path.toRealPath().toString());
            assertThat(fd).hasToString("fd " + fd.number() + " (regular, read, " + path.toRealPath() + ")");
        }
    }

    @Test
    void accessIsThatOfTheDescriptor() throws IOException {
        Path path = Files.createFile(directory.resolve("file"));
        try (OwnedFd write = OwnedFd.open(path, WRITE);
                OwnedFd append = OwnedFd.open(path, APPEND);
                OwnedFd both = OwnedFd.open(path, READ, WRITE)) {
            assertThat(write.info().access()).isEqualTo(Access.WRITE);
            assertThat(append.info().access()).isEqualTo(Access.WRITE);
            assertThat(both.info().access()).isEqualTo(Access.READ_WRITE);
            assertThat(both.toString()).contains("read write");
        }
    }

    @Test
    void flagsAreThoseOfTheOpenFileDescription() throws IOException {
        Path path = Files.createFile(directory.resolve("file"));
        try (OwnedFd plain = OwnedFd.open(path);
                OwnedFd append = OwnedFd.open(path, APPEND, SYNC);
                OwnedFd dataOnly = OwnedFd.open(path, WRITE, DSYNC)) {
            assertThat(plain.info().flags()).isEmpty();
            assertThat(append.info().flags()).containsExactlyInAnyOrder(Flag.APPEND, Flag.SYNC, Flag.DSYNC);
            assertThat(dataOnly.info().flags()).containsExactly(Flag.DSYNC);
        }
    }

    @Test
    void aDeletedFileHasANameThatSaysSo() throws IOException {
        Path path = Files.createFile(directory.resolve("gone"));
        try (OwnedFd fd = OwnedFd.open(path)) {
            Files.delete(path);

            assertThat(fd.info().kind()).isEqualTo(Kind.REGULAR);
            assertThat(fd.info().name()).endsWith("gone (deleted)");
        }
    }

    @Test
    void aNameMayBeAnyText() throws IOException {
        Path path = Files.createFile(directory.resolve("Grüße \n 日本"));
        try (OwnedFd fd = OwnedFd.open(path)) {
            assertThat(fd.info().name()).isEqualTo(path.toRealPath().toString());
        }
    }

    @Test
    void aDirectoryAndADevice() throws IOException {
        try (OwnedFd place = OwnedFd.open(directory);
                OwnedFd device = OwnedFd.open(Path.of("/dev/zero"))) {
            assertThat(place.info().kind()).isEqualTo(Kind.DIRECTORY);
            assertThat(device.info().kind()).isEqualTo(Kind.CHARACTER_DEVICE);
            assertThat(device.toString()).contains("character device");
        }
    }

    @Test
    void aPipeAFifoAndASocket() throws Exception {
        int[] ends = LibcCalls.pipe();
        Path fifo = directory.resolve("fifo");
        ChildProcess.run(List.of("mkfifo", fifo.toString())).outputOfSuccess();
        try (OwnedFd in = OwnedFd.adopt(ends[0]);
                OwnedFd out = OwnedFd.adopt(ends[1]);
                OwnedFd named = OwnedFd.open(fifo, READ, WRITE);
                UnixDatagram socket = UnixDatagram.open()) {
            assertThat(in.info().kind()).isEqualTo(Kind.PIPE);
            assertThat(in.info().name()).matches("pipe:\\[\\d+]");
            assertThat(in.info().access()).isEqualTo(Access.READ);
            assertThat(out.info().access()).isEqualTo(Access.WRITE);
            assertThat(in.info().isSameFile(out.info())).isTrue();
            assertThat(named.info().kind()).isEqualTo(Kind.PIPE);
            assertThat(named.info().isSameFile(in.info())).isFalse();
            assertThat(socket.asFd().info().kind()).isEqualTo(Kind.SOCKET);
        }
    }

    @Test
    void aMemoryFileAndACounter() throws IOException {
        try (SharedMemory memory = SharedMemory.create("frames", 4097);
                EventFd counter = EventFd.create()) {
            FdInfo info = memory.asFd().info();
            assertThat(info.kind()).isEqualTo(Kind.MEMFD);
            assertThat(info.size()).isEqualTo(4097);
            assertThat(info.access()).isEqualTo(Access.READ_WRITE);
            assertThat(info.name()).startsWith("/memfd:frames");
            assertThat(counter.asFd().info().kind()).isEqualTo(Kind.EVENTFD);
        }
    }

    /** What this library cannot make by itself comes over a socket, as it does in life. */
    @Test
    void whatAPeerSends() throws Exception {
        Path address = directory.resolve("socket");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
        try (UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.of(address));
                ChildProcess peer = Python.start("""
                        import os, select, socket, sys
                        fds = [
                            (epoll := select.epoll()).fileno(),
                            os.pidfd_open(os.getpid()),
                            os.open(sys.argv[2], os.O_PATH | os.O_NOFOLLOW),
                            os.open("/", os.O_PATH),
                            os.open("/", os.O_RDONLY),
                        ]
                        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                        s.connect(sys.argv[1])
                        socket.send_fds(s, [b"x"], fds)
                        s.recv(1)
                        """, address, link)) {
            try (UnixSeqpacket socket = listener.accept(Duration.ofSeconds(30));
                    Received received = socket.receive(10, 5);
                    OwnedFd epoll = received.takeFd(0);
                    OwnedFd process = received.takeFd(1);
                    OwnedFd symbolicLink = received.takeFd(2);
                    OwnedFd rootPath = received.takeFd(3);
                    OwnedFd root = received.takeFd(4)) {
                assertThat(epoll.info().kind()).isEqualTo(Kind.EPOLL);
                assertThat(process.info().kind()).isEqualTo(Kind.PIDFD);
                assertThat(symbolicLink.info().kind()).isEqualTo(Kind.SYMBOLIC_LINK);
                assertThat(symbolicLink.info().access()).isEqualTo(Access.PATH);
                assertThat(rootPath.info().kind()).isEqualTo(Kind.DIRECTORY);
                assertThat(rootPath.info().access()).isEqualTo(Access.PATH);
                assertThat(root.info().isSameFile(rootPath.info())).isTrue();
                try (OwnedFd again = epoll.duplicate()) {
                    assertThat(again.info().isSameFile(epoll.info())).isFalse();
                }
            }
            peer.await().outputOfSuccess();
        }
    }

    @Test
    void theSameFileIsRecognisedHoweverItWasOpened() throws IOException {
        Path path = Files.createFile(directory.resolve("one"));
        Path second = Files.createLink(directory.resolve("second name"), path);
        Path other = Files.createFile(directory.resolve("other"));
        try (OwnedFd one = OwnedFd.open(path);
                OwnedFd sameFile = OwnedFd.open(second, WRITE);
                OwnedFd different = OwnedFd.open(other)) {
            assertThat(one.info().isSameFile(sameFile.info())).isTrue();
            assertThat(one.info().isSameFile(different.info())).isFalse();
        }
    }

    @Test
    void countersAreNeverTheSameFileBecauseAllShareOneInode() throws IOException {
        try (EventFd one = EventFd.create();
                EventFd other = EventFd.create()) {
            assertThat(one.asFd().info().inode()).isEqualTo(other.asFd().info().inode());
            assertThat(one.asFd().info().isSameFile(other.asFd().info())).isFalse();
        }
    }
}
