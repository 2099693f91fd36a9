package dev.fdpass.varlink;

import static dev.fdpass.strace.FaultRow.row;
import static dev.fdpass.strace.Side.ANSWERING;
import static dev.fdpass.strace.Side.ASKING;

import dev.fdpass.strace.FaultRow;
import dev.fdpass.strace.FaultsBetweenPeers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

@DisplayName("L05: calls and replies while system calls fail")
class VarlinkFaultsTest extends FaultsBetweenPeers {
    /** Of the other end. */
    private static final Set<String> GONE =
            Set.of("EOFException", "ErrnoException, recvmsg: ECONNRESET", "ErrnoException, sendmsg: EPIPE");

    VarlinkFaultsTest() {
        super(VarlinkExchange.class);
    }

    @Override
    protected List<FaultRow> rows() {
        return List.of(
                row(ASKING, "socket").ends("EMFILE", "ErrnoException, socket: {}"),
                row(ASKING, "sendmsg")
                        .unnoticed("EINTR", "EAGAIN")
                        .ends("ENOMEM", "ErrnoException, sendmsg: {}")
                        .ends("ENOBUFS", "ErrnoException, sendmsg: {}")
                        .ends("ECONNRESET", "ErrnoException, sendmsg: {}")
                        .ends("ETOOMANYREFS", "TooManyReferencesException"),
                row(ASKING, "recvmsg")
                        .unnoticed("EINTR", "EAGAIN")
                        .ends("ENOMEM", "ErrnoException, recvmsg: {}")
                        .ends("ECONNRESET", "ErrnoException, recvmsg: {}"),
                row(ASKING, "ppoll").unnoticed("EINTR").ends("ENOMEM", "ErrnoException, ppoll: {}"),
                row(ASKING, "eventfd2").unnoticed("EMFILE"),
                row(ASKING, "close").unnoticed("EINTR").ends("EIO", "ErrnoException, close: {}"),
                row(ANSWERING, "accept4").unnoticed("EINTR", "EMFILE", "ENOMEM", "ECONNABORTED"),
                row(ANSWERING, "recvmsg")
                        .unnoticed("EINTR", "EAGAIN")
                        .ends("ENOMEM", GONE)
                        .ends("ECONNRESET", GONE),
                row(ANSWERING, "sendmsg")
                        .unnoticed("EINTR", "EAGAIN")
                        .ends("ENOMEM", GONE)
                        .ends("ENOBUFS", GONE)
                        .ends("ECONNRESET", GONE)
                        .ends("ETOOMANYREFS", GONE),
                row(ANSWERING, "epoll_ctl").unnoticed("EINTR", "ENOMEM"),
                row(ANSWERING, "epoll_pwait").unnoticed("EINTR", "ENOMEM"),
                row(ANSWERING, "close").unnoticed("EINTR", "EIO"));
    }
}
