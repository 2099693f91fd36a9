package dev.fdpass.systemd;

import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.testing.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** A service that was started with descriptors: says what it found to the first client of the one named {@code door}. */
public final class ActivatedService {
    private ActivatedService() {}

    public static void main(String... arguments) throws Exception {
        List<String> found = new ArrayList<>();
        OwnedFd left;
        try (ListenFds fds = ListenFds.fromEnvironment()) {
            found.add(fds.remaining() + " " + fds.names());
            try (ListenFds again = ListenFds.fromEnvironment()) {
                found.add("again " + again.remaining());
            }
            found.add(missing(fds));
            found.add(unexpected(fds) + ", remaining " + fds.remaining());
            List<OwnedFd> twins = fds.takeAll("twin");
            found.add("twins " + twins.stream().map(OwnedFd::number).toList());
            left = twins.getLast();
            twins.getFirst().close();
            Process child = Spawn.of("env").stdoutPipe().start();
            found.add("passed on "
                    + child.inputReader()
                            .lines()
                            .filter(line -> line.startsWith("LISTEN_"))
                            .toList());
            child.getInputStream().close();
            try (UnixStreamListener door = UnixStreamListener.adopt(
                            fds.take("door", Expect.unixStream().listening()));
                    UnixStream client = door.accept(Duration.ofSeconds(60))) {
                found.add("left " + fds.names());
                client.send(Text.buffer(String.join("\n", found)));
            }
        }
        left.close();
    }

    private static String missing(ListenFds fds) {
        try {
            return "took " + fds.take("window");
        } catch (NoSuchElementException e) {
            return e.getMessage();
        }
    }

    private static String unexpected(ListenFds fds) throws Exception {
        try {
            return "took " + fds.take("door", Expect.tcp().listening());
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }
}
