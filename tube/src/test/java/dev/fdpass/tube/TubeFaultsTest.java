package dev.fdpass.tube;

import static dev.fdpass.strace.FaultRow.row;
import static dev.fdpass.strace.Side.ANSWERING;
import static dev.fdpass.strace.Side.ASKING;

import dev.fdpass.strace.FaultRow;
import dev.fdpass.strace.FaultsBetweenPeers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

@DisplayName("L05: requests and replies while system calls fail")
class TubeFaultsTest extends FaultsBetweenPeers {
    private static final String FAILED = "RequestFailedException";
    /** Of this end, after its receiving thread has failed. */
    private static final Set<String> ENDED =
            Set.of("IOException, recvmsg: {}", "ClosedChannelException", "AsynchronousCloseException");
    /** Of the other end. This end may have closed before it says so. */
    private static final Set<String> GONE = Set.of(
            "EOFException",
            "IOException, recvmsg: ECONNRESET",
            "ErrnoException, sendmsg: EPIPE",
            "ClosedChannelException");

    TubeFaultsTest() {
        super(TubeExchange.class);
    }

    @Override
    protected List<FaultRow> rows() {
        return List.of(
                row(ASKING, "socket").ends("EMFILE", "ErrnoException, socket: {}"),
                row(ASKING, "connect")
                        .unnoticed("EINTR", "EAGAIN")
                        .ends("ECONNREFUSED", "ConnectException, connect: {}"),
                row(ASKING, "sendmsg")
                        .unnoticed("EINTR", "EAGAIN")
                        .ends("ENOMEM", "ErrnoException, sendmsg: {}")
                        .ends("ENOBUFS", "ErrnoException, sendmsg: {}")
                        .ends("ECONNRESET", "ErrnoException, sendmsg: {}")
                        .ends("ETOOMANYREFS", "TooManyReferencesException"),
                row(ASKING, "recvmsg")
                        .unnoticed("EINTR", "EAGAIN")
                        .ends("ENOMEM", ENDED)
                        .ends("ECONNRESET", ENDED),
                row(ASKING, "statx").ends("ENOMEM", "MessageException, statx: {}"),
                row(ASKING, "epoll_create1").unnoticed("EMFILE"),
                row(ASKING, "epoll_ctl").unnoticed("EINTR", "ENOMEM"),
                row(ASKING, "epoll_pwait").unnoticed("EINTR", "ENOMEM"),
                row(ASKING, "close").unnoticed("EINTR").ends("EIO", "ErrnoException, close: {}"),
                row(ANSWERING, "accept4").unnoticed("EINTR", "EMFILE", "ENOMEM", "ECONNABORTED"),
                row(ANSWERING, "recvmsg")
                        .unnoticed("EINTR", "EAGAIN")
                        .ends("ENOMEM", GONE)
                        .ends("ECONNRESET", GONE),
                row(ANSWERING, "sendmsg")
                        .unnoticed("EINTR", "EAGAIN")
                        .ends("ENOMEM", FAILED)
                        .ends("ENOBUFS", FAILED)
                        .ends("ECONNRESET", FAILED)
                        .ends("ETOOMANYREFS", FAILED),
                row(ANSWERING, "sendmsg,sendto")
                        .ends("ENOMEM", Set.of(FAILED, "EOFException")), // of the failure as well
                row(ANSWERING, "memfd_create").ends("EMFILE", FAILED),
                row(ANSWERING, "epoll_ctl").unnoticed("EINTR", "ENOMEM"),
                row(ANSWERING, "epoll_pwait").unnoticed("EINTR", "ENOMEM"),
                row(ANSWERING, "close").unnoticed("EINTR", "EIO"));
    }
}
