package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fdpass.FdInfo.Access;
import dev.fdpass.FdInfo.Flag;
import dev.fdpass.FdInfo.Kind;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.PythonPeer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /proc} tells of the descriptors of a process that is not this one. */
class FdInfoOfProcessTest {
    @TempDir
    private Path directory;

    @Test
    void saysWhatThatProcessHas() throws Exception {
        Path path = Files.writeString(directory.resolve("file"), "0123456789");
        try (PythonPeer peer = PythonPeer.start("""
                file = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK)
                memory = os.memfd_create("frames")
                os.truncate(memory, 77)
                bell = os.eventfd(3) if hasattr(os, "eventfd") else memory
                nowhere = os.open("/", os.O_PATH)
                peer.sendall(struct.pack("=5i", file, memory, bell, nowhere, peer.fileno()))
                peer.recv(1)
                """, path.toString())) {
            try (Received numbers = peer.socket().receive(20, 0)) {
                ByteBuffer data = numbers.data().order(ByteOrder.nativeOrder());
                FdInfo file = FdInfo.ofProcess(peer.pid(), data.getInt());
                FdInfo memory = FdInfo.ofProcess(peer.pid(), data.getInt());
                FdInfo bell = FdInfo.ofProcess(peer.pid(), data.getInt());
                FdInfo nowhere = FdInfo.ofProcess(peer.pid(), data.getInt());
                FdInfo socket = FdInfo.ofProcess(peer.pid(), data.getInt());

                assertThat(file.kind()).isEqualTo(Kind.REGULAR);
                assertThat(file.access()).isEqualTo(Access.WRITE);
                assertThat(file.flags()).containsExactlyInAnyOrder(Flag.APPEND, Flag.NONBLOCK);
                assertThat(file.size()).isEqualTo(10);
                assertThat(file.inode()).isEqualTo(Files.getAttribute(path, "unix:ino"));
                assertThat(file.device()).isEqualTo(Files.getAttribute(path, "unix:dev"));
                assertThat(file.name()).isEqualTo(path.toRealPath().toString());
                assertThat(memory.kind()).isEqualTo(Kind.MEMFD);
                assertThat(memory.size()).isEqualTo(77);
                assertThat(bell.kind()).isIn(Kind.EVENTFD, Kind.MEMFD);
                assertThat(nowhere.access()).isEqualTo(Access.PATH);
                assertThat(socket.kind()).isEqualTo(Kind.SOCKET);
            }
        }
    }

    @Test
    void ofThisProcessItSaysTheSameAsTheOwnerDoes() throws IOException {
        try (OwnedFd file = OwnedFd.open(Path.of("/etc/passwd"));
                SharedMemory memory = SharedMemory.create("m", 5);
                EventFd counter = EventFd.create()) {
            for (AsFd each : new AsFd[] {file, memory, counter}) {
                OwnedFd fd = each.asFd();
                assertThat(FdInfo.ofProcess(ProcessHandle.current().pid(), fd.number()))
                        .isEqualTo(fd.info());
            }
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws IOException {
        long self = ProcessHandle.current().pid();
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> FdInfo.ofProcess(self, 1_000_000))
                .withMessageContaining("/proc/" + self + "/fd/1000000");
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> FdInfo.ofProcess(Integer.MAX_VALUE, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FdInfo.ofProcess(0, 1))
                .withMessageContaining("1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FdInfo.ofProcess(self, -1))
                .withMessageContaining("-1");
    }

    @Test
    void nothingIsOpenedToLookAtIt() throws Exception {
        Path fifo = directory.resolve("fifo");
        ChildProcess.run(List.of("mkfifo", fifo.toString())).outputOfSuccess();
        // Opening this FIFO to read would wait for ever, and to write would fail: nobody reads.
        try (PythonPeer peer = PythonPeer.start("""
                fifo = os.open(sys.argv[2], os.O_PATH)
                peer.sendall(struct.pack("=i", fifo))
                peer.recv(1)
                """, fifo.toString())) {
            try (Received number = peer.socket().receive(4, 0)) {
                int fd = number.data().order(ByteOrder.nativeOrder()).getInt();
                assertThat(FdInfo.ofProcess(peer.pid(), fd).kind()).isEqualTo(Kind.PIPE);
            }
        }
    }
}
