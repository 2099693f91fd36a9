package dev.fdpass.jsonrpc;

import static dev.fdpass.strace.FaultRow.row;
import static dev.fdpass.strace.Side.ANSWERING;
import static dev.fdpass.strace.Side.ASKING;

import dev.fdpass.strace.FaultRow;
import dev.fdpass.strace.FaultsBetweenPeers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

@DisplayName("L05: calls and answers while system calls fail")
class JsonRpcFaultsTest extends FaultsBetweenPeers {
    private static final String TOLD = "JsonRpcException";
    /** Of this end, after its receiving thread has failed. */
    private static final Set<String> ENDED =
            Set.of("IOException, recvmsg: {}", "ClosedChannelException", "AsynchronousCloseException");
    /** Of the other end; fatal if it was in the middle of a message. This end may have closed before it says so. */
    private static final Set<String> GONE = Set.of(
            "EOFException",
            "IOException, recvmsg: ECONNRESET",
            "ErrnoException, sendmsg: EPIPE",
            "ClosedChannelException",
            TOLD);

    JsonRpcFaultsTest() {
        super(JsonRpcExchange.class);
    }

    @Override
    protected List<FaultRow> rows() {
        return List.of(
                row(ASKING, "socket").ends("EMFILE", "ErrnoException, socket: {}"),
                row(ASKING, "fcntl").ends("EMFILE", "ErrnoException, fcntl(F_DUPFD_CLOEXEC): {}"),
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
                row(ASKING, "epoll_create1").unnoticed("EMFILE"),
                row(ASKING, "epoll_ctl").unnoticed("EINTR", "ENOMEM"),
                row(ASKING, "epoll_pwait").unnoticed("EINTR", "ENOMEM"),
                row(ASKING, "close").unnoticed("EINTR").ends("EIO", "ErrnoException, close: {}"),
                row(ANSWERING, "accept4").unnoticed("EINTR", "EMFILE", "ENOMEM", "ECONNABORTED"),
                row(ANSWERING, "fcntl").ends("EMFILE", GONE),
                row(ANSWERING, "recvmsg")
                        .unnoticed("EINTR", "EAGAIN")
                        .ends("ENOMEM", GONE)
                        .ends("ECONNRESET", GONE),
                row(ANSWERING, "sendmsg")
                        .unnoticed("EINTR", "EAGAIN")
                        .ends("ENOMEM", TOLD)
                        .ends("ENOBUFS", TOLD)
                        .ends("ECONNRESET", TOLD)
                        .ends("ETOOMANYREFS", TOLD),
                row(ANSWERING, "sendmsg,sendto").ends("ENOMEM", GONE), // of the error as well
                row(ANSWERING, "epoll_ctl").unnoticed("EINTR", "ENOMEM"),
                row(ANSWERING, "epoll_pwait").unnoticed("EINTR", "ENOMEM"),
                row(ANSWERING, "close").unnoticed("EINTR", "EIO"));
    }
}
