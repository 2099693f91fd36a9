package dev.fdpass.faults;

import static dev.fdpass.faults.Row.row;
import static dev.fdpass.faults.VirtualScenarios.VIRTUALLY;
import static dev.fdpass.linux.Errno.*;
import static dev.fdpass.linux.Syscall.*;

import dev.fdpass.faults.Expected.Ends;
import dev.fdpass.faults.Expected.Retried;
import dev.fdpass.faults.Expected.Unnoticed;
import dev.fdpass.faults.Expected.Waited;
import java.util.List;
import java.util.stream.Stream;

/**
 * What follows when a system call fails. Unless a row says otherwise, EINTR is retried, every other error becomes an
 * {@link dev.fdpass.ErrnoException} that names it and the call, nothing is leaked, and what was used works afterwards.
 */
final class FaultTable {
    private static final Expected RETRIED = new Retried();
    private static final Expected WAITED = new Waited();
    private static final Expected IN_TIME = new Unnoticed("is made again, if there is time left");

    private FaultTable() {}

    static List<Row> rows() {
        return Stream.of(
                        sending(),
                        receiving(),
                        frames(),
                        waiting(),
                        polling(),
                        settingUp(),
                        listening(),
                        asking(),
                        files(),
                        devices(),
                        memory(),
                        processes(),
                        spawning(),
                        objectsOfTheJdk())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> sending() {
        return List.of(
                row("send on a STREAM", SENDMSG).shows("S05 S06 S07 R15").on(WAITED, EAGAIN),
                row("send on a DATAGRAM", SENDMSG)
                        .shows("S06 S07 S12 R15")
                        .on(WAITED, EAGAIN)
                        .on(new Ends("ErrnoException sendmsg ECONNREFUSED"), ECONNREFUSED)
                        .on(new Ends("ErrnoException sendmsg EMSGSIZE"), EMSGSIZE),
                row("send on a SEQPACKET", SENDMSG)
                        .shows("S03 S06 S07 R15")
                        .on(WAITED, EAGAIN)
                        .on(new Ends("ErrnoException sendmsg EBADF"), EBADF),
                row("send of bytes alone", SENDTO).shows("S05 S07 R15").on(WAITED, EAGAIN),
                row("send of a reusable message", SENDMSG).shows("S06 S07 R15").on(WAITED, EAGAIN),
                row("send of a batch", SENDMMSG)
                        .shows("S06 S07 S11 R15")
                        .on(WAITED, EAGAIN)
                        .on(new Ends("TooManyReferencesException sendmsg ETOOMANYREFS"), ETOOMANYREFS),
                row("send to an address", SENDMSG)
                        .shows("S06 S07 R15")
                        .on(WAITED, EAGAIN)
                        .on(new Ends("ConnectException sendmsg ECONNREFUSED"), ECONNREFUSED)
                        .on(new Ends("ConnectException sendmsg ENOENT"), ENOENT)
                        .on(new Ends("AccessDeniedException sendmsg EACCES"), EACCES),
                row("trySend", SENDMSG).shows("S05 S07").on(new Ends("OptionalInt.empty"), EAGAIN),
                row("send of more than a stream holds", SENDMSG)
                        .shows("S05 S07 R15")
                        .on(WAITED, EAGAIN)
                        .andThen("2097152 bytes and 1 descriptor arrived"),
                row("send of more than a stream holds", SENDTO)
                        .shows("S05 S07 R15")
                        .on(WAITED, EAGAIN)
                        .andThen("2097152 bytes and 1 descriptor arrived"),
                row("send of more than a stream holds", PPOLL)
                        .shows("S05 R15")
                        .andThen("2097152 bytes and 1 descriptor arrived"),
                row("send to a socket that is full", PPOLL).shows("S12 R15").on(IN_TIME, EINTR),
                row("send to a socket that is full", SENDMSG)
                        .shows("S06 S12 R15")
                        .on(IN_TIME, EINTR, EAGAIN));
    }

    private static List<Row> receiving() {
        return List.of(
                row("receive on a STREAM", RECVMSG).shows("R02 R15 L05").on(WAITED, EAGAIN),
                row("receive on a DATAGRAM", RECVMSG).shows("R02 R15 L05").on(WAITED, EAGAIN),
                row("receive on a SEQPACKET", RECVMSG).shows("R02 R15 R17 L05").on(WAITED, EAGAIN),
                row("receive into a reusable message", RECVMSG)
                        .shows("R02 R15 L05")
                        .on(WAITED, EAGAIN),
                row("receive into a batch", RECVMMSG).shows("R02 R15 L05").on(WAITED, EAGAIN),
                row("read as a channel", RECVMSG).shows("R10 R15").on(WAITED, EAGAIN),
                row("tryReceive", RECVMSG).shows("R15").on(new Ends("nothing yet"), EAGAIN),
                row("tryReceive where nothing is", RECVMSG)
                        .shows("R15")
                        .on(new Unnoticed("it is what the kernel says anyway"), EAGAIN),
                row("tryReceive where nothing is", PPOLL).shows("R15"),
                row("receive where somebody has set an option", GETSOCKOPT)
                        .shows("R03 R05 L05")
                        .always(new Unnoticed("there is room for all options from now on"))
                        .on(RETRIED, EINTR),
                row("nextPacketSize", RECVMSG).shows("R12 R15").on(WAITED, EAGAIN),
                row("an empty packet of a peer that has closed", PPOLL).shows("R14 R15"),
                row("an empty packet of a peer that has closed", IOCTL).shows("R14"),
                row("close what was received and not taken", CLOSE_RANGE)
                        .shows("L05")
                        .always(new Unnoticed("closes them one by one"))
                        .on(new Unnoticed("closes them one by one"), ENOSYS)
                        .on(RETRIED, EINTR),
                row("close one that was received and not taken", CLOSE)
                        .shows("L02")
                        .always(new Unnoticed("the number is not the caller's any more")));
    }

    private static List<Row> frames() {
        return List.of(
                row("send a frame of many parts", SENDMSG)
                        .shows("S05 S06 R15")
                        .on(WAITED, EAGAIN)
                        .andThen("2 bytes and 600 descriptors arrived"),
                row("send a frame without descriptors", SENDTO)
                        .shows("S05 R15")
                        .on(WAITED, EAGAIN)
                        .andThen("2 bytes and 0 descriptors arrived"),
                row("receive a frame of many parts", RECVMSG)
                        .shows("R09 R15 L05")
                        .on(RETRIED, EAGAIN) // in mid-frame after an attempt, else after a wait
                        .andThen("2 bytes and 600 descriptors arrived"));
    }

    private static List<Row> waiting() {
        Expected polls = new Unnoticed("looks again and again");
        Expected inSlices = new Unnoticed("looks in slices of time whether it was closed");
        return List.of(
                row("receive until it times out", PPOLL).shows("R15").on(IN_TIME, EINTR),
                row("receive until it times out", RECVMSG).shows("R15").on(IN_TIME, EINTR, EAGAIN),
                row("first wait on a socket", EVENTFD2)
                        .shows("L01")
                        .always(inSlices)
                        .on(RETRIED, EINTR),
                row("wait until somebody closes", EVENTFD2)
                        .shows("L01")
                        .always(inSlices)
                        .on(RETRIED, EINTR),
                row(VIRTUALLY + "wait", EPOLL_CREATE1)
                        .shows("L10")
                        .always(polls)
                        .on(RETRIED, EINTR),
                row(VIRTUALLY + "wait", EPOLL_CTL).shows("L10").always(polls).on(RETRIED, EINTR),
                row(VIRTUALLY + "connect", FCNTL)
                        .shows("L10")
                        .throwsErrno("connect")
                        .except(EAGAIN), // which only the connect itself can mean
                row(VIRTUALLY + "connect", CONNECT).shows("L10").on(RETRIED, EAGAIN),
                row("close while somebody waits", WRITE).shows("L01").always(RETRIED),
                row("detach after a wait", CLOSE)
                        .shows("L02")
                        .always(new Unnoticed("the wake-up descriptor is nobody's any more")));
    }

    private static List<Row> polling() {
        Expected ended = new Unnoticed("nobody refers to it any more, whatever the kernel still reports");
        return List.of(
                row("open a poller", EPOLL_CREATE1),
                row("open a poller", EVENTFD2).throwsErrno("eventfd"),
                row("open a poller", EPOLL_CTL),
                row("register with a poller", EPOLL_CTL)
                        .on(new Ends("IllegalArgumentException"), EPERM)
                        .on(new Ends("IllegalStateException"), EEXIST),
                row("change an interest", EPOLL_CTL),
                row("end an interest", EPOLL_CTL).always(ended).on(RETRIED, EINTR),
                row("cancel a registration", EPOLL_CTL).always(ended).on(RETRIED, EINTR),
                row("close what is registered", EPOLL_CTL).always(ended).on(RETRIED, EINTR),
                row("await what is ready", EPOLL_PWAIT).shows("R15"),
                row("await until the time is over", EPOLL_PWAIT).shows("R15"),
                row("await until the time is over", PPOLL).shows("R15").on(IN_TIME, EINTR),
                row("first await of a poller", EVENTFD2)
                        .shows("L01")
                        .always(new Unnoticed("looks in slices of time whether it was closed"))
                        .on(RETRIED, EINTR),
                row("wake up a poller", WRITE).shows("L01").always(RETRIED));
    }

    private static List<Row> settingUp() {
        return List.of(
                row("pair of STREAM", SOCKETPAIR),
                row("pair of DATAGRAM", SOCKETPAIR),
                row("pair of SEQPACKET", SOCKETPAIR),
                row("open a datagram socket", SOCKET),
                row("bind a datagram socket", SOCKET),
                row("bind a datagram socket", BIND)
                        .shows("L07")
                        .on(new Ends("BindException bind EADDRINUSE"), EADDRINUSE),
                row("bind a datagram socket", STATX)
                        .shows("L07")
                        .on(new Ends("AccessDeniedException statx EPERM"), EPERM),
                row("connect a stream", SOCKET),
                row("connect a stream", CONNECT)
                        .on(RETRIED, EAGAIN)
                        .on(new Ends("ConnectException connect ECONNREFUSED"), ECONNREFUSED)
                        .on(new Ends("ConnectException connect ENOENT"), ENOENT)
                        .on(new Ends("AccessDeniedException connect EACCES"), EACCES),
                row("connect a stream", SETSOCKOPT),
                row("connect a seqpacket", SOCKET),
                row("connect a seqpacket", CONNECT).on(RETRIED, EAGAIN),
                row("connect a seqpacket", SETSOCKOPT),
                row("connect where nobody listens", CLOSE)
                        .shows("L02")
                        .each(error -> "ConnectException connect ECONNREFUSED, besides ErrnoException close " + error)
                        .on(new Unnoticed("the number is free"), EINTR),
                row("connect a datagram socket", CONNECT)
                        .on(new Ends("ConnectException connect ECONNREFUSED"), ECONNREFUSED),
                row("remove a stale socket file", FLOCK)
                        .shows("L07")
                        .on(RETRIED, EAGAIN) // while another process has the lock
                        .andThen("it is there"),
                row("remove a stale socket file", STATX)
                        .shows("L07")
                        .on(new Ends("AccessDeniedException statx EPERM"), EPERM)
                        .andThen("it is there"),
                row("remove a stale socket file", CONNECT)
                        .shows("L07")
                        .always(new Ends("false; it is there")) // it may be alive
                        .on(RETRIED, EINTR),
                row("remove a stale socket file", UNLINKAT)
                        .shows("L07")
                        .throwsErrno("unlink")
                        .on(new Ends("AccessDeniedException unlink EPERM"), EPERM)
                        .andThen("it is there"),
                row("adopt a STREAM", GETSOCKOPT).shows("S10"),
                row("adopt a DATAGRAM", GETSOCKOPT).shows("S10"),
                row("adopt a SEQPACKET", GETSOCKOPT).shows("S10"),
                row("adopt a listener", GETSOCKOPT).shows("S10"),
                row("adopt a listening socket", GETSOCKOPT).shows("S10"));
    }

    private static List<Row> listening() {
        Ends remains = new Ends("done; its file remains");
        return List.of(
                row("bind a listener", SOCKET),
                row("bind a listener", BIND)
                        .shows("L07")
                        .on(new Ends("BindException bind EADDRINUSE"), EADDRINUSE)
                        .on(new Ends("AccessDeniedException bind EACCES"), EACCES),
                row("bind a listener", STATX).shows("L07").on(new Ends("AccessDeniedException statx EPERM"), EPERM),
                row("bind a listener", LISTEN).shows("L07"),
                row("close a listener", STATX).shows("L07").always(remains).on(RETRIED, EINTR),
                row("close a listener", UNLINKAT).shows("L07").always(remains).on(RETRIED, EINTR),
                row("close a listener", CLOSE)
                        .shows("L02 L07")
                        .andThen("its file is gone")
                        .on(new Unnoticed("the number is free"), EINTR),
                row("accept", PPOLL).shows("R15"),
                row("accept", ACCEPT4).shows("R15").on(WAITED, EINTR, EAGAIN, ECONNABORTED, EPROTO),
                row("tryAccept", PPOLL).shows("R15"),
                row("tryAccept", ACCEPT4).shows("R15").on(WAITED, EINTR, EAGAIN, ECONNABORTED, EPROTO),
                row("tryAccept where nobody is", PPOLL).shows("R15"),
                row("accept until it times out", PPOLL).shows("R15").on(IN_TIME, EINTR),
                row("accept on an adopted listener", ACCEPT4).on(WAITED, EINTR, EAGAIN),
                row("accept on an adopted listener", GETSOCKOPT).shows("R05 L05"),
                row("accept on a listening socket of any family", ACCEPT4).on(WAITED, EINTR, EAGAIN));
    }

    private static List<Row> asking() {
        return List.of(
                row("shutdownOutput", SHUTDOWN),
                row("localAddress", GETSOCKNAME),
                row("remoteAddress", GETPEERNAME),
                row("remoteAddress of nobody", GETPEERNAME)
                        .on(new Unnoticed("it is what the kernel says anyway"), ENOTCONN),
                row("ask for an option", GETSOCKOPT).on(new Ends("UnsupportedOperationException"), ENOPROTOOPT),
                row("set an option", SETSOCKOPT)
                        .shows("R05")
                        .on(new Ends("UnsupportedOperationException"), ENOPROTOOPT),
                row("set an option", GETSOCKOPT).shows("R05"));
    }

    private static List<Row> files() {
        Expected nameless = new Unnoticed("the name is empty, which the operation does not need");
        return List.of(
                row("open a file", OPENAT)
                        .throwsErrno("open")
                        .on(new Ends("AccessDeniedException open EPERM"), EPERM)
                        .on(new Ends("AccessDeniedException open EACCES"), EACCES)
                        .on(new Ends("NoSuchFileException open ENOENT"), ENOENT),
                row("open a file that is deleted at once", UNLINKAT)
                        .always(new Ends("OwnedFd; its name remains"))
                        .on(RETRIED, EINTR),
                row("close a file", CLOSE)
                        .shows("L02")
                        .on(new Unnoticed("the number is free"), EINTR)
                        .on(new Ends("ErrnoException close EIO"), EIO),
                row("read a file", READ)
                        .shows("R15")
                        .on(WAITED, EAGAIN)
                        .on(new Ends("ErrnoException read EIO"), EIO)
                        .on(new Ends("ErrnoException read EBADF"), EBADF)
                        .andThen("at 0"),
                row("read a file for the first time", STATX),
                row("read a file at a position", PREAD64)
                        .throwsErrno("read")
                        .on(WAITED, EAGAIN)
                        .andThen("at 0"),
                row("write a file", WRITE).on(WAITED, EAGAIN).andThen(FileScenarios.CONTENT),
                row("write a file at a position", PWRITE64)
                        .throwsErrno("write")
                        .on(WAITED, EAGAIN)
                        .andThen(FileScenarios.CONTENT),
                row("position", LSEEK),
                row("set the position", LSEEK).andThen("at 0"),
                row("truncate", STATX),
                row("truncate", FCNTL),
                row("truncate", READLINKAT).on(nameless, ENOENT, EPERM),
                row("truncate", FTRUNCATE),
                row("truncate", LSEEK),
                row("info", STATX),
                row("info", FCNTL),
                row("info", READLINKAT).on(new Ends("regular, read write, no name"), ENOENT, EACCES, EPERM),
                row("info of a process", STATX)
                        .on(new Ends("NoSuchFileException statx ENOENT"), ENOENT)
                        .on(new Ends("AccessDeniedException statx EACCES"), EACCES)
                        .on(new Ends("AccessDeniedException statx EPERM"), EPERM),
                row("info of a process", READLINKAT)
                        .on(new Ends("NoSuchFileException readlinkat ENOENT"), ENOENT)
                        .on(new Ends("AccessDeniedException readlinkat EACCES"), EACCES)
                        .on(new Ends("AccessDeniedException readlinkat EPERM"), EPERM),
                row("info of a process", OPENAT)
                        .throwsErrno("read")
                        .on(new Ends("NoSuchFileException read ENOENT"), ENOENT)
                        .on(new Ends("AccessDeniedException read EACCES"), EACCES)
                        .on(new Ends("AccessDeniedException read EPERM"), EPERM),
                row("info of a process", READ)
                        .on(RETRIED, EINTR)
                        .on(new Ends("AccessDeniedException read EPERM"), EPERM),
                row("info of memory", FCNTL),
                row("duplicate", FCNTL).andThen("at 0"),
                row("adopt a number", FCNTL).throwsUnchecked("fcntl").on(new Ends("IllegalArgumentException"), EBADF));
    }

    private static List<Row> devices() {
        return List.of(
                row("read a pipe", PREADV2)
                        .throwsErrno("read")
                        .on(WAITED, EAGAIN)
                        .on(new Unnoticed("polls, then reads"), EOPNOTSUPP),
                row("write a pipe", PWRITEV2)
                        .throwsErrno("write")
                        .on(WAITED, EAGAIN)
                        .on(new Unnoticed("polls, then writes"), EOPNOTSUPP)
                        .andThen("1"),
                row("write a pipe for the first time", STATX).andThen("1"),
                row("write a terminal", STATX).andThen("2 arrived"),
                row("write a terminal", IOCTL)
                        .always(new Unnoticed("taken for another device, whose records must not be cut"))
                        .on(RETRIED, EINTR),
                row("write a terminal", WRITE).on(WAITED, EAGAIN, EINTR).andThen("2 arrived"),
                row("write a terminal", PPOLL).andThen("2 arrived"),
                row("read a terminal", READ).on(WAITED, EAGAIN, EINTR),
                row("create an eventfd", EVENTFD2).throwsErrno("eventfd"),
                row("adopt an eventfd", STATX),
                row("adopt an eventfd", FCNTL),
                row("adopt an eventfd", READLINKAT).except(EPERM), // without a name it is taken for something else
                row("read an eventfd", PREADV2).throwsErrno("read").on(WAITED, EAGAIN),
                row("tryRead an eventfd", PREADV2).throwsErrno("read").on(new Ends("nothing yet"), EAGAIN),
                row("write an eventfd", WRITE).on(WAITED, EAGAIN, EINTR).andThen("counts 4"),
                row("write an eventfd", PPOLL).shows("R15").andThen("counts 4"),
                row("tryWrite an eventfd", WRITE)
                        .on(WAITED, EINTR)
                        .on(new Ends("false; counts 4"), EAGAIN)
                        .andThen("counts 4"),
                row("tryWrite an eventfd", PPOLL).shows("R15").andThen("counts 4"),
                row("add much to an eventfd", PPOLL).shows("R15").andThen("counts 3"),
                row("add much to an eventfd", OPENAT)
                        .throwsErrno("read")
                        .on(new Unnoticed("cannot know, and adds"), ENOENT)
                        .andThen("counts 3"),
                row("add much to an eventfd", READ).andThen("counts 3"),
                row("add much to an eventfd", CLOSE).shows("L02").always(new Unnoticed("it was only read")));
    }

    private static List<Row> processes() {
        return List.of(
                row("open a process", PIDFD_OPEN).on(new Ends("UnsupportedOperationException"), ENOSYS),
                row("signal a process", PIDFD_SEND_SIGNAL)
                        .on(new Ends("ErrnoException pidfd_send_signal ESRCH"), ESRCH),
                row("tell that a service reloads", CLOCK_GETTIME),
                row("ask whether a process runs", PPOLL).shows("R15"),
                row("wait for a process until it times out", PPOLL).shows("R15").on(IN_TIME, EINTR),
                row("ask for the number of a process", OPENAT).throwsErrno("read"),
                row("ask for the number of a process", READ),
                row("ask for the number of a process", CLOSE).shows("L02").always(new Unnoticed("it was only read")),
                row("credentials of the peer", GETSOCKOPT).shows("L09"),
                row("groups of the peer", GETSOCKOPT).shows("L09").on(new Ends("IllegalStateException"), ENODATA),
                row("process of the peer", GETSOCKOPT)
                        .shows("L09")
                        .on(new Ends("IllegalStateException"), ENODATA)
                        .on(new Ends("UnsupportedOperationException"), ENOPROTOOPT),
                row("take what was not expected", STATX).shows("R19 L05"),
                row("take what was not expected", FCNTL).shows("R19 L05"),
                row("take what was not expected", READLINKAT)
                        .shows("R19 L05")
                        .on(new Unnoticed("the name is empty"), ENOENT, EPERM),
                row("take a socket that was expected", GETSOCKOPT)
                        .shows("R19 L05")
                        .on(new Ends("RejectedFdException"), ENOTSOCK));
    }

    /** {@link FailedExecTest} has what the thread that executes a program calls. */
    private static List<Row> spawning() {
        return List.of(
                row("open a pipe", PIPE2),
                row("start a program", PIPE2),
                row("start a program", FCNTL),
                row(SpawnScenarios.EXEC, FCNTL),
                row(SpawnScenarios.EXEC, OPENAT).throwsErrno("open"),
                row("start a program", PIDFD_OPEN),
                row(VIRTUALLY + "wait for a program", WAITID)
                        .always(new Ends("status -1"))
                        .on(RETRIED, EINTR));
    }

    private static List<Row> objectsOfTheJdk() {
        return List.of(
                row("listener channel of a descriptor", DUP3),
                row("socket channel of a descriptor", DUP3),
                row("file channel of a descriptor", DUP3),
                row("file channel of a descriptor", MEMFD_CREATE),
                row("file channel of a descriptor", CLOSE)
                        .shows("L02")
                        .always(new Unnoticed("the new object owns the file")),
                row("compare open files as older kernels do", KCMP));
    }

    private static List<Row> memory() {
        return List.of(
                row("create memory", MEMFD_CREATE),
                row("create memory", FCNTL),
                row("create memory", FTRUNCATE),
                row("resize memory", FTRUNCATE).andThen("4096 bytes"),
                row("ask for seals", FCNTL).on(new Ends("[]"), EINVAL),
                row("add a seal", FCNTL).andThen("[]"),
                row("map memory", STATX).shows("L06"),
                row("map memory", MMAP).shows("L06"),
                row("end a mapping", MUNMAP)
                        .shows("L06")
                        .always(new Unnoticed("the mapping stays"))
                        .on(RETRIED, EINTR));
    }
}
