package dev.fdpass.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoMoreDescriptorsTest {
    @Test
    @DisplayName(
            "L05: every way to make a descriptor says EMFILE at the limit, leaves none behind, and works when one is free")
    void sayingSoAndLosingNothing(@TempDir Path directory) throws Exception {
        Map<String, String> calls = new LinkedHashMap<>();
        calls.put("open", "open /dev/null");
        calls.put("duplicateOf", "fcntl(F_DUPFD_CLOEXEC) 0");
        calls.put("duplicate", "fcntl(F_DUPFD_CLOEXEC) N");
        calls.put("eventfd", "eventfd");
        calls.put("memfd", "memfd_create");
        calls.put("pidfd", "pidfd_open N");
        calls.put("pidfd of a peer", "getsockopt(SO_PEERPIDFD)");
        calls.put("pipe pair", "pipe2");
        calls.put("stream pair", "socketpair");
        calls.put("seqpacket pair", "socketpair");
        calls.put("datagram pair", "socketpair");
        calls.put("datagram socket", "socket");
        calls.put("bound datagram socket", "socket");
        calls.put("listener", "socket");
        calls.put("connect", "socket");
        calls.put("accept", "accept4");
        calls.put("tryAccept", "accept4");
        calls.put("accept of any family", "accept4");
        List<String> expected = new ArrayList<>();
        calls.forEach((name, call) -> expected.add(name + ": " + call + ": EMFILE (Too many open files), "
                + (name.endsWith("pair") ? 1 : 0) + " free; then 0 free"));
        expected.add("0 descriptors left behind");

        assertThat(OrdinaryUser.run(directory, MakesDescriptors.class).lines())
                .map(line -> line.replaceFirst("^(duplicate: \\S+|pidfd: \\S+) \\d+", "$1 N"))
                .containsExactlyElementsOf(expected);
    }

    @Test
    @DisplayName("L05: a program that cannot be started or watched for want of descriptors leaves none, and no child")
    void startingPrograms(@TempDir Path directory) throws Exception {
        assertThat(OrdinaryUser.run(directory, SpawnsAtTheLimit.class).lines())
                .containsExactly(
                        "at once: status 0",
                        "0 free: refused, EMFILE",
                        "1 free: refused, EMFILE",
                        "2 free: refused, EMFILE",
                        "3 free: refused, EMFILE",
                        "14 free: status 0",
                        "0 children left behind",
                        "0 descriptors left behind");
    }

    @Test
    @DisplayName(
            "L01 L03: where there is no number for what wakes a waiting thread, close and interrupt wake it all the same")
    void waitingWithoutAWakeUpDescriptor(@TempDir Path directory) throws Exception {
        assertThat(OrdinaryUser.run(directory, WaitsAtTheLimit.class).lines())
                .containsExactly(
                        "receive, closed: AsynchronousCloseException",
                        "receive, interrupted: ClosedByInterruptException",
                        "receive, sent to: 1",
                        "receive, timed out: SocketTimeoutException",
                        "send, closed: AsynchronousCloseException",
                        "send, interrupted: ClosedByInterruptException",
                        "send, received from: 1",
                        "send, timed out: SocketTimeoutException",
                        "accept, closed: AsynchronousCloseException",
                        "accept, interrupted: ClosedByInterruptException",
                        "accept, timed out: SocketTimeoutException",
                        "read of an eventfd, closed: AsynchronousCloseException",
                        "read of an eventfd, interrupted: ClosedByInterruptException",
                        "read of an eventfd, written: 1",
                        "0 descriptors left behind");
    }
}
