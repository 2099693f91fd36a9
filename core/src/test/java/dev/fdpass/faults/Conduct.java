package dev.fdpass.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.faults.TraceLog.Call;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What holds for every system call, whatever fails. */
final class Conduct {
    private Conduct() {}

    static void check(List<Call> round, String which) {
        for (Call call : round) {
            switch (call.name()) {
                case "sendmsg", "sendto", "sendmmsg" ->
                    assertThat(call.line()).as(which).contains("MSG_DONTWAIT").contains("MSG_NOSIGNAL");
                case "recvmsg", "recvmmsg" -> {
                    assertThat(call.line()).as(which).contains("MSG_DONTWAIT");
                    assertThat(call.has("MSG_CMSG_CLOEXEC") || call.has("MSG_PEEK"))
                            .as(which + ": " + call.line())
                            .isTrue();
                }
                case "preadv2", "pwritev2" -> assertThat(call.line()).as(which).contains("RWF_NOWAIT");
                case "socket", "socketpair", "accept4" ->
                    assertThat(call.line()).as(which).contains("SOCK_CLOEXEC");
                case "openat", "pipe2" -> assertThat(call.line()).as(which).contains("O_CLOEXEC");
                case "eventfd2" -> assertThat(call.line()).as(which).contains("EFD_CLOEXEC");
                case "memfd_create" -> assertThat(call.line()).as(which).contains("MFD_CLOEXEC");
                default -> {}
            }
        }
        closedOnce(round, which);
    }

    /** L02: also a close that failed has let go of the number, which may be somebody else's by now. */
    private static void closedOnce(List<Call> round, String which) {
        Set<String> closed = new HashSet<>();
        for (Call call : round) {
            if (call.is("close")) {
                assertThat(closed.add(call.firstArgument()))
                        .as(which + ": closed twice: " + call.line())
                        .isTrue();
            }
        }
    }
}
