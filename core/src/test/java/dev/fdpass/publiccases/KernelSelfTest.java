package dev.fdpass.publiccases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fdpass.AsFd;
import dev.fdpass.ErrnoException;
import dev.fdpass.ScmOption;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.testing.Python;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.UnixSockets;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases of the kernel's own self-test {@code af_unix/scm_rights.c}: sockets that are on their way over each other,
 * in circles. Once all are closed nobody can reach them, and the kernel's collector must find them.
 */
class KernelSelfTest {
    private static final Pattern EDGE = Pattern.compile("(\\d)>(\\d)");
    private static Boolean collectsMixedLowpoint;

    /** A socket that is sent, and one over which something arrives at it. */
    private record Node(AsFd inFlight, ScmSocket sender, Closeable both) implements Closeable {
        @Override
        public void close() throws IOException {
            both.close();
        }
    }

    /** What a node of the graph is made of. */
    enum Kind {
        STREAM,
        DATAGRAM,
        SEQPACKET,
        /** A listener, and a connection to it that it never accepts. */
        STREAM_LISTENER;

        Node node(boolean takesDescriptors) throws IOException {
            if (this == STREAM_LISTENER) {
                UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                if (!takesDescriptors) {
                    listener.setOption(ScmOption.SO_PASSRIGHTS, false);
                }
                UnixStream client = UnixStream.connect(listener.localAddress());
                return new Node(listener, client, () -> {
                    listener.close();
                    client.close();
                });
            }
            SocketPair<? extends ScmSocket> pair = SocketType.valueOf(name()).pair();
            if (!takesDescriptors) {
                pair.first().setOption(ScmOption.SO_PASSRIGHTS, false);
            }
            return new Node(pair.first(), pair.second(), pair);
        }
    }

    /** The graphs, each twice over; {@code 0>1} sends 0 to where 1 would receive it. */
    static Stream<Arguments> graphsAndKinds() {
        return Stream.of(
                        Arguments.of("self_ref", "0>0 1>1"),
                        Arguments.of("triangle", "0>1 1>2 2>0  3>4 4>5 5>3"),
                        Arguments.of("cross_edge", "0>1 1>2 2>0 1>3 3>2  4>5 5>6 6>4 5>7 7>6"),
                        Arguments.of("backtrack_from_scc", "0>1 0>4 1>2 2>3 3>1  5>6 5>9 6>7 7>8 8>6"))
                .flatMap(graph ->
                        Stream.of(Kind.values()).map(kind -> Arguments.of(graph.get()[0], graph.get()[1], kind)));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("graphsAndKinds")
    @DisplayName("S09: nothing is left after the close of")
    void nothingIsLeftAfterClose(String name, String edges, Kind kind) throws Exception {
        List<Node> nodes = new ArrayList<>();
        List<Long> inodes = new ArrayList<>();
        try {
            for (MatchResult edge : EDGE.matcher(edges).results().toList()) {
                Node inFlight = node(nodes, kind, Integer.parseInt(edge.group(1)));
                Node receiver = node(nodes, kind, Integer.parseInt(edge.group(2)));
                receiver.sender().send(ByteBuffer.allocate(1), inFlight.inFlight(), inFlight.inFlight());
            }
            for (Node node : nodes) {
                inodes.add(node.inFlight().asFd().info().inode());
                inodes.add(node.sender().asFd().info().inode());
            }
            UnixSockets.assertAll(inodes);
        } finally {
            for (Node node : nodes) {
                node.close();
            }
        }
        UnixSockets.assertNoneOf(inodes);
    }

    /**
     * Some kernels leave these behind for good, whoever made them: Linux 6.18.44 does, where this was written. Python
     * tells whether this one does.
     */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("S09: nothing is left after the close of mixed_lowpoint")
    void mixedLowpoint(Kind kind) throws Exception {
        assumeTrue(
                kernelCollectsMixedLowpoint(),
                "this kernel never collects this graph of sockets, not even one that Python made: its own defect");
        nothingIsLeftAfterClose("mixed_lowpoint", "0>1 1>2 2>1 1>0  3>4 4>5 5>4 4>3", kind);
    }

    /** Asked once: what a defective kernel leaves behind stays until it is restarted. */
    private static synchronized boolean kernelCollectsMixedLowpoint() throws Exception {
        if (collectsMixedLowpoint == null) {
            String answer = Python.run("""
                    import os, socket, time
                    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for i in range(3)]
                    inodes = {str(os.fstat(pair[0].fileno()).st_ino) for pair in pairs}
                    for sent, receiver in ((0, 1), (1, 2), (2, 1), (1, 0)):
                        socket.send_fds(pairs[receiver][1], [b"x"], [pairs[sent][0].fileno()])
                    for pair in pairs:
                        pair[0].close()
                        pair[1].close()
                    for i in range(30):
                        left = inodes & {line.split()[6] for line in open("/proc/net/unix")}
                        if not left:
                            break
                        time.sleep(0.1)
                        for end in socket.socketpair():
                            end.close()  # starts the collector again
                    print(len(left))
                    """).outputOfSuccess();
            collectsMixedLowpoint = answer.strip().equals("0");
        }
        return collectsMixedLowpoint;
    }

    /** The variants {@code *_disabled}. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("S13 R20: nothing is on its way to those who take no descriptors")
    void disabled(Kind kind) throws Exception {
        assumeTrue(ScmOption.SO_PASSRIGHTS.isSupported(), "SO_PASSRIGHTS needs Linux 6.16");
        List<Long> inodes;
        try (Node node = kind.node(false)) {
            inodes = List.of(
                    node.inFlight().asFd().info().inode(),
                    node.sender().asFd().info().inode());
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> node.sender().send(ByteBuffer.allocate(1), node.inFlight(), node.inFlight()))
                    .satisfies(e -> assertThat(e.name()).isEqualTo("EPERM"));
        }
        UnixSockets.assertNoneOf(inodes);
    }

    private static Node node(List<Node> nodes, Kind kind, int index) throws IOException {
        while (nodes.size() <= index) {
            nodes.add(kind.node(true));
        }
        return nodes.get(index);
    }

    /** That the kernel has none any more would prove nothing if it did not show those that are on their way. */
    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName(
            "S09: a closed socket that somebody can still receive is kept, and collected when its receiver is closed")
    void whatSomebodyCanReceiveIsKept(SocketType type) throws Exception {
        long inode;
        try (SocketPair<? extends ScmSocket> holder = type.pair()) {
            try (SocketPair<? extends ScmSocket> sent = type.pair()) {
                inode = sent.first().asFd().info().inode();
                holder.first().send(ByteBuffer.allocate(1), sent.first());
            }
            Thread.sleep(50);
            UnixSockets.assertAll(List.of(inode));
        }
        UnixSockets.assertNoneOf(List.of(inode));
    }
}
