package dev.fdpass.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.Tool;
import dev.fdpass.waiting.Waiting;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A bus of a test's own, with limits that a test can reach. */
final class DBusDaemon implements Closeable {
    /** Most descriptors that the bus takes in one message. */
    static final int MOST_FDS = 4;
    /** How long descriptors may lie around that no message has announced. */
    static final Duration PENDING_FDS = Duration.ofMillis(300);

    private final ChildProcess process;
    private final Path address;

    private DBusDaemon(ChildProcess process, Path address) {
        this.process = process;
        this.address = address;
    }

    /** Starts one; skips the test where there is none. */
    static DBusDaemon start(Path directory) throws IOException, InterruptedException {
        Path address = directory.resolve("bus");
        Path configuration = Files.writeString(
                directory.resolve("bus.conf"), """
                <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
                  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
                <busconfig>
                  <type>session</type>
                  <listen>unix:path=%s</listen>
                  <auth>EXTERNAL</auth>
                  <policy context="default">
                    <allow send_destination="*"/>
                    <allow receive_sender="*"/>
                    <allow own="*"/>
                  </policy>
                  <limit name="max_message_unix_fds">%d</limit>
                  <limit name="pending_fd_timeout">%d</limit>
                </busconfig>
                """.formatted(address, MOST_FDS, PENDING_FDS.toMillis()));
        DBusDaemon daemon = new DBusDaemon(
                ChildProcess.start(List.of(
                        Tool.DBUS_DAEMON.command(),
                        "--config-file=" + configuration,
                        "--nofork",
                        "--nopidfile",
                        "--nosyslog")),
                address);
        Waiting.until("dbus-daemon's socket", () -> Files.exists(address) || !daemon.process.isAlive());
        return daemon;
    }

    /** Connects, as soon as it listens: the file is there a moment before. */
    DBusConnection connect() throws IOException, InterruptedException {
        return process.connect(() -> DBusConnection.to(address));
    }

    /** Waits until it has no file open whose name begins so. */
    void assertLetsGoOf(String name) {
        Waiting.until("the daemon's letting go of " + name, () -> !hasOpen(name));
        assertThat(process.isAlive()).isTrue();
    }

    boolean hasOpen(String name) {
        return DescriptorLeakCheck.openDescriptorsOf(process.pid()).values().stream()
                .anyMatch(each -> each.startsWith(name));
    }

    @Override
    public void close() {
        process.close();
    }
}
