package dev.fdpass.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs that tests run as peers. A test of one that is missing is skipped and says which package has it. */
public enum Tool {
    DBUS_DAEMON("dbus-daemon", "dbus-daemon"),
    PRLIMIT("prlimit", "util-linux"),
    PYTHON("python3", "python3"),
    SETPRIV("setpriv", "util-linux"),
    STRACE("strace", "strace"),
    SYSTEMD_NOTIFY("systemd-notify", "systemd"),
    SYSTEMD_SOCKET_ACTIVATE("systemd-socket-activate", "systemd");

    private final String command;
    private final String debianPackage;

    Tool(String command, String debianPackage) {
        this.command = command;
        this.debianPackage = debianPackage;
    }

    /** Its name on the {@code PATH}; skips the test where it is not there. */
    public String command() {
        assumeInstalled();
        return command;
    }

    /** Skips the test where it is not on the {@code PATH}. */
    public void assumeInstalled() {
        assumeInstalled(command, debianPackage);
    }

    /** Skips the test where no directory of the {@code PATH} has such a program. */
    static void assumeInstalled(String command, String debianPackage) {
        boolean installed = Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
        assumeTrue(installed, command + " is not installed (Debian package " + debianPackage + ")");
    }
}
