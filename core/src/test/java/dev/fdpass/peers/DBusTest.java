package dev.fdpass.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.OwnedFd;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.FileConstants;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library as the transport of a D-Bus client, against the reference daemon. */
class DBusTest {
    @TempDir
    private Path directory;

    @Test
    @DisplayName(
            "R02 R09: a file sent to oneself over the bus comes back: the same one, written by one and read by the other")
    void theSameFileComesBack() throws Exception {
        try (DBusDaemon daemon = DBusDaemon.start(directory);
                DBusConnection connection = daemon.connect();
                SharedMemory sent = SharedMemory.create("over-the-bus", 0)) {
            connection.sendToMyself(1, sent);
            try (DBusConnection.Delivery delivery = connection.receive()) {
                DBusMessage message = delivery.message();
                assertThat(message.text(DBusMessage.SENDER)).isEqualTo(connection.uniqueName());
                assertThat(message.text(DBusMessage.MEMBER)).isEqualTo("Take");
                assertThat(message.number(DBusMessage.UNIX_FDS)).isEqualTo(1);
                assertThat(delivery.fds()).hasSize(1);

                OwnedFd received = delivery.fds().getFirst();
                assertThat(received.info().isSameFile(sent.asFd().info())).isTrue();
                assertThat(Descriptors.getFlags(received.number())).isEqualTo(FileConstants.FD_CLOEXEC);
                sent.asFd().write(Text.buffer("written after it was sent"));
                ByteBuffer content = ByteBuffer.allocate(100);
                received.read(content, 0);
                assertThat(Text.before(content)).isEqualTo("written after it was sent");
            }
            daemon.assertLetsGoOf("/memfd:over-the-bus");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, DBusDaemon.MOST_FDS})
    void severalCome(int count) throws Exception {
        try (DBusDaemon daemon = DBusDaemon.start(directory);
                DBusConnection connection = daemon.connect();
                Memfds files = new Memfds(count)) {
            for (int turn = 0; turn < 2; turn++) {
                connection.sendToMyself(count, files.first(count));
                try (DBusConnection.Delivery delivery = connection.receive()) {
                    assertThat(delivery.fds()).hasSize(count);
                    files.assertFirstOnesAre(delivery.fds());
                }
            }
        }
    }

    @Test
    void fewerThanAnnouncedEndTheConnection() throws Exception {
        try (DBusDaemon daemon = DBusDaemon.start(directory);
                DBusConnection connection = daemon.connect();
                DBusConnection other = daemon.connect();
                Memfds files = new Memfds(1)) {
            connection.sendToMyself(2, files.get(0));
            connection.assertDisconnected();
            daemon.assertLetsGoOf("/memfd:file-0");
            assertThat(files.get(0).asFd().isOpen()).isTrue();
            assertStillServes(other);
        }
    }

    /** What is announced by nobody stays pending at the daemon, which cuts the connection when that has lasted too long. */
    @Test
    @DisplayName(
            "R21: the daemon delivers what was announced; more than that, it holds for a moment and ends the connection")
    void moreThanAnnounced() throws Exception {
        try (DBusDaemon daemon = DBusDaemon.start(directory);
                DBusConnection connection = daemon.connect();
                DBusConnection other = daemon.connect();
                Memfds files = new Memfds(2)) {
            long begin = System.nanoTime();
            connection.sendToMyself(1, files.first(2));
            try (DBusConnection.Delivery delivery = connection.receive()) {
                assertThat(delivery.fds()).hasSize(1);
                files.assertFirstOnesAre(delivery.fds());
            }
            connection.assertDisconnected();
            assertThat(System.nanoTime() - begin).as("waited").isGreaterThan(DBusDaemon.PENDING_FDS.toNanos() / 2);
            daemon.assertLetsGoOf("/memfd:file-1");
            assertStillServes(other);
        }
    }

    @Test
    @DisplayName("R21: more in one message than the daemon takes end the connection")
    void moreThanTheDaemonTakes() throws Exception {
        try (DBusDaemon daemon = DBusDaemon.start(directory);
                DBusConnection connection = daemon.connect();
                DBusConnection other = daemon.connect();
                Memfds files = new Memfds(DBusDaemon.MOST_FDS + 1)) {
            connection.sendToMyself(DBusDaemon.MOST_FDS + 1, files.first(DBusDaemon.MOST_FDS + 1));
            connection.assertDisconnected();
            daemon.assertLetsGoOf("/memfd:file-");
            assertStillServes(other);
        }
    }

    private static void assertStillServes(DBusConnection connection) throws IOException {
        try (SharedMemory file = SharedMemory.create("still", 0)) {
            file.asFd().write(Text.buffer("served"));
            connection.sendToMyself(1, file);
            try (DBusConnection.Delivery delivery = connection.receive()) {
                ByteBuffer content = ByteBuffer.allocate(6);
                delivery.fds().getFirst().read(content, 0);
                assertThat(Text.of(content.flip())).isEqualTo("served");
            }
        }
    }
}
