package dev.fdpass.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.testing.Text;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A client of a D-Bus daemon, authenticated and with descriptor passing agreed. */
final class DBusConnection implements Closeable {
    private static final String BUS = "org.freedesktop.DBus";
    private static final int MOST_FDS = 16;

    private final UnixStream socket;
    private final String uniqueName;
    private int serial;

    /** A message with what came along. */
    record Delivery(DBusMessage message, List<OwnedFd> fds) implements Closeable {
        @Override
        public void close() throws IOException {
            for (OwnedFd fd : fds) {
                fd.close();
            }
        }
    }

    private DBusConnection(UnixStream socket) throws IOException {
        this.socket = socket;
        socket.setReceiveTimeout(Duration.ofSeconds(60));
        authenticate();
        DBusMessage hello = DBusMessage.call(++serial, BUS, "/org/freedesktop/DBus", BUS, "Hello");
        socket.send(hello.toBytes());
        try (Delivery answer = receive()) {
            assertThat(answer.message().type()).isEqualTo(DBusMessage.RETURN);
            assertThat(answer.message().number(DBusMessage.REPLY_SERIAL)).isEqualTo(hello.serial());
            uniqueName = answer.message().bodyText();
        }
        receive().close(); // the signal NameAcquired
    }

    static DBusConnection to(Path address) throws IOException {
        UnixStream socket = UnixStream.connect(UnixAddress.of(address));
        try {
            return new DBusConnection(socket);
        } catch (Throwable t) {
            socket.close();
            throw t;
        }
    }

    private void authenticate() throws IOException {
        int user = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        String hexadecimal = HexFormat.of().formatHex(("" + user).getBytes(UTF_8));
        assertThat(ask("\0AUTH EXTERNAL " + hexadecimal)).startsWith("OK ");
        assertThat(ask("NEGOTIATE_UNIX_FD")).isEqualTo("AGREE_UNIX_FD");
        socket.send(Text.buffer("BEGIN\r\n"));
    }

    private String ask(String line) throws IOException {
        socket.send(Text.buffer(line + "\r\n"));
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n")) {
            try (Received received = socket.receive(100, 0)) {
                assertThat(received.isEndOfStream()).as("%s was refused", line).isFalse();
                answer.append(UTF_8.decode(received.data()));
            }
        }
        return answer.toString().strip();
    }

    String uniqueName() {
        return uniqueName;
    }

    /** Sends a message to this client itself that announces some descriptors and has some. */
    void sendToMyself(int announced, AsFd... fds) throws IOException {
        DBusMessage call = DBusMessage.call(++serial, uniqueName, "/dev/fdpass", "dev.fdpass.Test", "Take");
        socket.send(call.withDescriptor(announced).toBytes(), fds);
    }

    /** The next message; its descriptors come with its first byte, and a receive never goes beyond its end. */
    Delivery receive() throws IOException {
        List<OwnedFd> fds = new ArrayList<>();
        try {
            ByteBuffer fixed = fill(ByteBuffer.allocate(DBusMessage.FIXED_BYTES), fds);
            ByteBuffer whole = ByteBuffer.allocate(fixed.limit() + DBusMessage.bytesAfter(fixed));
            return new Delivery(DBusMessage.parse(fill(whole.put(fixed), fds)), fds);
        } catch (Throwable t) {
            new Delivery(null, fds).close();
            throw t;
        }
    }

    private ByteBuffer fill(ByteBuffer buffer, List<OwnedFd> fds) throws IOException {
        while (buffer.hasRemaining()) {
            try (Received received = socket.receive(buffer, MOST_FDS)) {
                assertThat(received.isEndOfStream()).as("disconnected").isFalse();
                assertThat(received.isControlTruncated()).isFalse();
                fds.addAll(received.takeFds());
            }
        }
        return buffer.flip();
    }

    /** Asserts that nothing comes any more but the end. */
    void assertDisconnected() throws IOException {
        try (Received received = socket.receive(1, MOST_FDS)) {
            assertThat(received.isEndOfStream()).as("disconnected").isTrue();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
