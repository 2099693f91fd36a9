package dev.fdpass.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.CCompiler;
import dev.fdpass.testing.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every constant, system-call number, size and offset in this package against the C headers of both architectures, by
 * a compiler for each. This is what stands for running on the other one.
 */
class AbiMatchesCHeadersTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Arch.class)
    void constants(Arch arch, TestReporter reporter) throws Exception {
        CAssertions assertions = new CAssertions()
                .include("sys/socket.h", "sys/un.h", "sys/uio.h", "sys/ioctl.h", "poll.h", "netinet/in.h")
                .include("fcntl.h", "sys/stat.h", "sys/mman.h", "sys/eventfd.h", "sys/file.h", "linux/limits.h")
                .include("sys/epoll.h", "unistd.h", "spawn.h", "netinet/tcp.h", "linux/kcmp.h");
        assertions.constantsOf(SocketConstants.class);
        assertions.constantsOf(FileConstants.class);
        assertions.include("signal.h").constantsOf(SignalConstants.class);
        assertions.include("sys/wait.h").constantsOf(SpawnConstants.class);
        assertions.equal("P_PID", SpawnConstants.P_PID).equal("P_PIDFD", SpawnConstants.P_PIDFD);
        assertions.constantsOf(Epoll.class);
        // That the events of epoll and poll are the same bits is relied on.
        assertions
                .equal("EPOLLIN", SocketConstants.POLLIN)
                .equal("EPOLLOUT", SocketConstants.POLLOUT)
                .equal("EPOLLERR", SocketConstants.POLLERR)
                .equal("EPOLLHUP", SocketConstants.POLLHUP)
                .equal("EPOLLRDHUP", SocketConstants.POLLRDHUP);
        for (OpenFlag flag : OpenFlag.values()) {
            assertions.equal(flag.name(), flag.valueOn(arch));
        }
        assertions.equal("PATH_MAX", Paths.PATH_MAX).equal("KCMP_FILE", Descriptors.KCMP_FILE);
        assertions.include("time.h").equal("CLOCK_MONOTONIC", MonotonicClock.CLOCK_MONOTONIC);

        holds(arch, assertions, reporter);
    }

    @ParameterizedTest
    @EnumSource(Arch.class)
    void errorNumbers(Arch arch, TestReporter reporter) throws Exception {
        CAssertions assertions = new CAssertions().include("errno.h");
        for (Errno errno : Errno.values()) {
            assertions.equal(errno.name(), errno.number());
        }

        holds(arch, assertions, reporter);
    }

    @ParameterizedTest
    @EnumSource(Arch.class)
    void systemCallNumbers(Arch arch, TestReporter reporter) throws Exception {
        CAssertions assertions = new CAssertions().include("asm/unistd.h");
        for (Syscall syscall : Syscall.values()) {
            assertions.equal("__NR_" + syscall.name().toLowerCase(Locale.ROOT), syscall.numberOn(arch));
        }

        holds(arch, assertions, reporter);
    }

    @ParameterizedTest
    @EnumSource(Arch.class)
    void structures(Arch arch, TestReporter reporter) throws Exception {
        CAssertions assertions = new CAssertions()
                .include("sys/socket.h", "sys/un.h", "sys/uio.h", "poll.h", "time.h", "sys/time.h", "netinet/in.h")
                .include("sys/stat.h", "sys/eventfd.h", "sys/epoll.h");
        assertions
                .struct("struct msghdr", MessageBlock.MSGHDR_SIZE)
                .field("msg_name", MessageBlock.MSG_NAME, 8)
                .field("msg_namelen", MessageBlock.MSG_NAMELEN, 4)
                .field("msg_iov", MessageBlock.MSG_IOV, 8)
                .field("msg_iovlen", MessageBlock.MSG_IOVLEN, 8)
                .field("msg_control", MessageBlock.MSG_CONTROL, 8)
                .field("msg_controllen", MessageBlock.MSG_CONTROLLEN, 8)
                .field("msg_flags", MessageBlock.MSG_FLAGS, 4);
        assertions.struct("struct mmsghdr", MessageBatch.MMSGHDR_SIZE).field("msg_len", MessageBatch.MSG_LEN, 4);
        assertions
                .struct("struct iovec", MessageBlock.IOVEC_SIZE)
                .field("iov_base", MessageBlock.IOV_BASE, 8)
                .field("iov_len", MessageBlock.IOV_LEN, 8);
        assertions
                .struct("struct cmsghdr", Cmsghdr.HEADER_SIZE)
                .field("cmsg_len", Cmsghdr.LEN, 8)
                .field("cmsg_level", Cmsghdr.LEVEL, 4)
                .field("cmsg_type", Cmsghdr.TYPE, 4);
        for (int data = 0; data <= 4 * 253; data += data < 40 ? 1 : 4) {
            assertions.equal("CMSG_ALIGN(" + data + ")", Cmsghdr.align(data));
            assertions.equal("CMSG_SPACE(" + data + ")", Cmsghdr.space(data));
            assertions.equal("CMSG_LEN(" + data + ")", Cmsghdr.len(data));
        }
        assertions
                .struct("struct sockaddr_un", SockaddrUn.SIZE)
                .field("sun_family", SockaddrUn.FAMILY, 2)
                .field("sun_path", SockaddrUn.PATH, SockaddrUn.PATH_SIZE);
        assertions
                .struct("struct sockaddr_in", Sockaddr.SIN_SIZE)
                .field("sin_family", Sockaddr.SIN_FAMILY, 2)
                .field("sin_port", Sockaddr.SIN_PORT, 2)
                .field("sin_addr", Sockaddr.SIN_ADDR, 4);
        assertions
                .struct("struct sockaddr_in6", Sockaddr.SIN6_SIZE)
                .field("sin6_family", Sockaddr.SIN_FAMILY, 2)
                .field("sin6_port", Sockaddr.SIN_PORT, 2)
                .field("sin6_addr", Sockaddr.SIN6_ADDR, 16)
                .field("sin6_scope_id", Sockaddr.SIN6_SCOPE_ID, 4);
        assertions.equal("sizeof(struct sockaddr_storage)", Sockaddr.SIZE);
        assertions
                .struct("struct pollfd", Poll.POLLFD_SIZE)
                .field("fd", Poll.FD, 4)
                .field("events", Poll.EVENTS, 2)
                .field("revents", Poll.REVENTS, 2);
        assertions
                .struct("struct epoll_event", Epoll.sizeOn(arch))
                .field("events", Epoll.EVENTS, 4)
                .field("data", Epoll.dataOn(arch), 8);
        assertions.struct("struct timespec", 16).field("tv_sec", Poll.TV_SEC, 8).field("tv_nsec", Poll.TV_NSEC, 8);
        assertions
                .struct("struct timeval", SocketOptions.TIMEVAL_SIZE)
                .field("tv_sec", SocketOptions.TV_SEC, 8)
                .field("tv_usec", SocketOptions.TV_USEC, 8);
        assertions
                .struct("struct ucred", Ucred.SIZE)
                .field("pid", Ucred.PID, 4)
                .field("uid", Ucred.UID, 4)
                .field("gid", Ucred.GID, 4);
        assertions
                .struct("struct statx", Statx.SIZE)
                .field("stx_blksize", Statx.STX_BLKSIZE, 4)
                .field("stx_mode", Statx.STX_MODE, 2)
                .field("stx_ino", Statx.STX_INO, 8)
                .field("stx_ctime", Statx.STX_CTIME, 16)
                .field("stx_size", Statx.STX_SIZE, 8)
                .field("stx_dev_major", Statx.STX_DEV_MAJOR, 4)
                .field("stx_dev_minor", Statx.STX_DEV_MINOR, 4);
        assertions.include("spawn.h", "signal.h");
        assertions.equal("sizeof(posix_spawn_file_actions_t)", PosixSpawn.FILE_ACTIONS_SIZE);
        assertions.equal("sizeof(posix_spawnattr_t)", PosixSpawn.ATTRIBUTES_SIZE);
        assertions.equal("sizeof(sigset_t)", PosixSpawn.SIGSET_SIZE);
        assertions.struct("struct sigaction", PosixSpawn.SIGACTION_SIZE).field("sa_handler", 0, 8);
        assertions
                .struct("siginfo_t", Children.SIGINFO_SIZE)
                .field("si_code", Children.SI_CODE, 4)
                .field("si_status", Children.SI_STATUS, 4);
        assertions.equal("sizeof(eventfd_t)", 8).equal("sizeof(int)", 4).equal("sizeof(long)", 8);

        holds(arch, assertions, reporter);
    }

    @ParameterizedTest
    @EnumSource(Arch.class)
    void signalSetOfTheKernel(Arch arch, TestReporter reporter) throws Exception {
        // The kernel's own header, which cannot stand beside libc's.
        holds(arch, new CAssertions().include("asm/signal.h").equal("sizeof(sigset_t)", Poll.SIGSET_SIZE), reporter);
    }

    @ParameterizedTest
    @EnumSource(Arch.class)
    void wrongOnesAreFound(Arch arch) throws Exception {
        // A number of the other architecture, which is the mistake that this test is here for.
        Arch other = arch == Arch.X86_64 ? Arch.AARCH64 : Arch.X86_64;
        CAssertions assertions = new CAssertions()
                .include("fcntl.h", "asm/unistd.h", "sys/socket.h")
                .equal("O_DIRECTORY", OpenFlag.O_DIRECTORY.valueOn(other))
                .equal("__NR_sendmsg", Syscall.SENDMSG.numberOn(other))
                .equal("__NR_close_range", Syscall.CLOSE_RANGE.numberOn(other));
        assertions.struct("struct msghdr", MessageBlock.MSGHDR_SIZE).field("msg_flags", MessageBlock.MSG_CONTROLLEN, 4);

        ChildProcess.Result result = compile(arch, assertions);

        assertThat(result.status()).isNotZero();
        assertThat(result.errors())
                .contains("O_DIRECTORY is not", "__NR_sendmsg is not", "offsetof(struct msghdr, msg_flags) is not")
                .doesNotContain("__NR_close_range");
    }

    private void holds(Arch arch, CAssertions assertions, TestReporter reporter)
            throws IOException, InterruptedException {
        ChildProcess.Result result = compile(arch, assertions);

        assertThat(result.errors().lines().filter(line -> line.contains("error:")))
                .isEmpty();
        assertThat(result.status()).isZero();
        // Only what Linux 6.5 and later brought, or what no header for programs has, may be missing; the report names
        // it.
        assertThat(result.errors().lines().filter(line -> line.contains("warning: ")))
                .allSatisfy(line -> assertThat(line)
                        .containsAnyOf(
                                "F_DUPFD_QUERY",
                                "SO_PASSPIDFD",
                                "SO_PEERPIDFD",
                                "SO_PASSRIGHTS",
                                "SCM_PIDFD",
                                "SCM_INQ",
                                "SCM_SECURITY",
                                "SCM_MAX_FD",
                                "F_DUPFD_QUERY"))
                .allSatisfy(line -> reporter.publishEntry("not checked on " + arch, line));
    }

    private ChildProcess.Result compile(Arch arch, CAssertions assertions) throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve("abi.c"), assertions.source());
        return compilerFor(arch).check(source);
    }

    private static CCompiler compilerFor(Arch arch) {
        if (arch == Arch.CURRENT) {
            return CCompiler.NATIVE;
        }
        return switch (arch) {
            case AARCH64 -> new CCompiler("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu");
            case X86_64 -> new CCompiler("x86_64-linux-gnu-gcc", "gcc-x86-64-linux-gnu");
        };
    }
}
