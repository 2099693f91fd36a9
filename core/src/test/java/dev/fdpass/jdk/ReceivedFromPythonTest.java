package dev.fdpass.jdk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.Received;
import dev.fdpass.testing.PythonPair;
import dev.fdpass.testing.SocketType;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What another process opened becomes objects of the JDK, and is the same there. */
class ReceivedFromPythonTest {
    @BeforeAll
    static void openWhatTheJdkKeepsOpen() throws Exception {
        WarmUp.jdk();
    }

    @Test
    @SuppressWarnings("try") // closing is what it is about
    void socketsWorkAsIfTheJdkHadOpenedThem() throws Exception {
        try (PythonPair python = PythonPair.start(SocketType.SEQPACKET, """
                listener = socket.create_server(("127.0.0.1", 0))
                client = socket.create_connection(listener.getsockname())
                accepted, where = listener.accept()
                udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                udp.bind(("127.0.0.1", 0))
                name = "%d %d %d" % (listener.getsockname()[1], where[1], udp.getsockname()[1])
                socket.send_fds(theirs, [name.encode()], [s.fileno() for s in (listener, accepted, udp)])
                for s in (listener, accepted):
                    s.close()
                assert client.recv(9) == b"hello"
                client.sendall(b"back")
                assert client.recv(9) == b""                       # the channel was the last
                another = socket.create_connection(("127.0.0.1", int(name.split()[0])))
                assert another.recv(9) == b"welcome"
                assert udp.recvfrom(9)[0] == b"datagram"           # both processes have it
                """);
                Received received = python.socket().receive(100, 3)) {
            String[] ports = US_ASCII.decode(received.data()).toString().split(" ", -1);
            try (ServerSocketChannel listener = JdkSockets.toServerSocketChannel(received.takeFd(0));
                    SocketChannel connection = JdkSockets.toSocketChannel(received.takeFd(1));
                    DatagramChannel datagrams = JdkSockets.toDatagramChannel(received.takeFd(2))) {
                assertThat(connection.getLocalAddress()).hasToString("/127.0.0.1:" + ports[0]);
                assertThat(connection.getRemoteAddress()).hasToString("/127.0.0.1:" + ports[1]);
                assertThat(datagrams.getLocalAddress()).hasToString("/127.0.0.1:" + ports[2]);
                connection.write(Proofs.bytes("hello"));
                assertThat(connection.read(ByteBuffer.allocate(9))).isEqualTo(4);
                connection.close();
                try (SocketChannel accepted = listener.accept()) {
                    accepted.write(Proofs.bytes("welcome"));
                }
                try (DatagramChannel sender = DatagramChannel.open()) {
                    sender.send(Proofs.bytes("datagram"), datagrams.getLocalAddress());
                }
            }
        }
    }

    @Test
    void filesHaveThePositionThatTheOtherProcessSees() throws Exception {
        try (PythonPair python = PythonPair.start(SocketType.SEQPACKET, """
                file = os.memfd_create("from-python")
                os.write(file, b"0123456789")
                os.lseek(file, 3, os.SEEK_SET)
                reads, writes = os.pipe()
                back, to = os.pipe()
                socket.send_fds(theirs, [b"all"], [file, reads, to])
                os.write(writes, b"hello")
                assert os.read(back, 9) == b"back"
                assert os.lseek(file, 0, os.SEEK_CUR) == 5, os.lseek(file, 0, os.SEEK_CUR)
                """);
                Received received = python.socket().receive(100, 3);
                FileChannel file = JdkFiles.toFileChannel(received.takeFd(0));
                FileInputStream reads = JdkFiles.toFileInputStream(received.takeFd(1));
                FileOutputStream writes = JdkFiles.toFileOutputStream(received.takeFd(2))) {
            ByteBuffer two = ByteBuffer.allocate(2);
            file.read(two);
            assertThat(Proofs.text(two)).isEqualTo("34");
            assertThat(reads.readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
            writes.write("back".getBytes(US_ASCII));
        }
    }
}
