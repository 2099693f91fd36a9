package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.PythonPeer;
import dev.fdpass.testing.Text;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a memory file is, and what only looks like one. */
class FilesThatLookLikeMemoryTest {
    /** Names are shown from the root of their mount, if that is mounted nowhere any more. */
    private static final String FILE_OF_A_TMPFS = """
            import ctypes, fcntl
            libc = ctypes.CDLL(None, use_errno=True)
            MS_REC, MS_PRIVATE, CLONE_NEWNS, MNT_DETACH, F_GET_SEALS = 0x4000, 0x40000, 0x20000, 2, 1034

            def check(result):
                if result != 0:
                    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

            try:
                check(libc.unshare(CLONE_NEWNS))
                check(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))
                check(libc.mount(b"none", b"/mnt", b"tmpfs", 0, None))
                fd = os.open("/mnt/memfd:frames", os.O_RDWR | os.O_CREAT)
                check(libc.umount2(b"/mnt", MNT_DETACH))
            except OSError as e:
                peer.sendall(b"-" + str(e).encode())
                sys.exit(0)
            assert os.readlink("/proc/self/fd/%d" % fd).startswith("/memfd:frames")
            assert fcntl.fcntl(fd, F_GET_SEALS) >= 0
            socket.send_fds(peer, [b"+"], [fd])
            peer.recv(1)
            """;

    private static final String MEMORY_OF_HUGE_PAGES = """
            MFD_HUGETLB = 4
            try:
                fd = os.memfd_create("huge", MFD_HUGETLB)
            except OSError as e:
                peer.sendall(b"-" + str(e).encode())
                sys.exit(0)
            socket.send_fds(peer, [b"+"], [fd])
            peer.recv(1)
            """;

    @Test
    @DisplayName(
            "R19: a file of a tmpfs of the sender's own, by name and seals like a memory file, is not accepted as one")
    void aFileOfATmpfs() throws Exception {
        try (PythonPeer python = PythonPeer.start(FILE_OF_A_TMPFS);
                Received received = python.socket().receive(200, 1)) {
            assumeSent(received, "a tmpfs of one's own cannot be mounted here (root can)");
            try (OwnedFd file = received.takeFd(0)) {
                assertThat(file.info().name()).startsWith("/memfd:frames");
                assertThat(file.info().kind()).isEqualTo(FdInfo.Kind.REGULAR);
                assertThatThrownBy(() -> Expect.memfd().orClose(file)).isInstanceOf(RejectedFdException.class);
            }
        }
    }

    @Test
    @DisplayName("R19: memory is a memory file whatever it is called")
    void memoryWithAnyName() throws Exception {
        for (String name : new String[] {"frames", "", "/memfd:", "a (deleted)", "{"}) {
            try (SharedMemory memory = SharedMemory.create(name, 0)) {
                assertThat(memory.asFd().info().kind()).as(name).isEqualTo(FdInfo.Kind.MEMFD);
            }
        }
    }

    @Test
    @DisplayName("R19: so is memory of huge pages, which the kernel keeps elsewhere")
    void memoryOfHugePages() throws Exception {
        try (PythonPeer python = PythonPeer.start(MEMORY_OF_HUGE_PAGES);
                Received received = python.socket().receive(200, 1)) {
            assumeSent(received, "this kernel has no memory files of huge pages");
            try (OwnedFd memory = received.takeFd(0, Expect.memfd());
                    SharedMemory ordinary = SharedMemory.create("m", 0)) {
                assertThat(memory.info().device())
                        .isNotEqualTo(ordinary.asFd().info().device());
            }
        }
    }

    private static void assumeSent(Received received, String otherwise) {
        String answer = Text.of(received.data());
        assumeTrue(answer.equals("+"), otherwise + ": " + answer);
    }
}
