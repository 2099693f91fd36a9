package dev.fdpass.cli.hold;

import dev.fdpass.Credentials;
import dev.fdpass.OwnedFd;
import dev.fdpass.cli.Failures;
import dev.fdpass.cli.Names;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import dev.fdpass.systemd.ListenFds;
import dev.fdpass.systemd.NamedFd;
import dev.fdpass.systemd.Notification;
import dev.fdpass.systemd.NotifyReceiver;
import dev.fdpass.systemd.NotifySocket;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program that is started again when it has ended, with what it stored ({@code sd_notify(3)}). */
final class Service implements Closeable {
    /** One that lives for less than this is in trouble: it is started again after a pause, which grows. */
    private static final Duration SHORT_LIFE = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** How long it may take to end when it is told to. */
    private static final int PATIENCE_SECONDS = 10;

    private final List<String> command;
    private final Store store;
    private final NotifyReceiver receiver;
    private final long user = Credentials.ofSelf().uid();
    private @Nullable SpawnedProcess process;
    private boolean isEnding;

    Service(List<String> command, Store store) throws IOException {
        this.command = command;
        this.store = store;
        receiver = NotifyReceiver.bind();
    }

    /** Runs it until it is not to be started again; gives its last status. */
    int run(Restart restart) throws IOException, InterruptedException {
        Thread.ofVirtual().name("hold-notifications").start(this::listen);
        Duration pause = FIRST_PAUSE;
        while (true) {
            long begin = System.nanoTime();
            SpawnedProcess started = start();
            if (started == null) {
                return 0;
            }
            int status = started.waitFor();
            awaitNotifications();
            boolean lived = System.nanoTime() - begin > SHORT_LIFE.toNanos();
            synchronized (this) {
                if (isEnding || !restart.isDue(status)) {
                    return status;
                }
            }
            pause = lived ? FIRST_PAUSE : pause;
            Failures.tell(command.getFirst() + " ended with status " + status + ", is started again in "
                    + pause.toMillis() + " ms");
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** With all that is held; null if this is ending. */
    private @Nullable SpawnedProcess start() throws IOException {
        List<NamedFd> given = new ArrayList<>();
        try {
            for (Map.Entry<String, List<OwnedFd>> held : store.content().entrySet()) {
                for (OwnedFd fd : store.duplicates(held.getKey())) {
                    given.add(new NamedFd(held.getKey(), fd));
                }
            }
            Spawn spawn = Spawn.of(command).inheritIo().environment("NOTIFY_SOCKET", receiver.environmentValue());
            synchronized (this) {
                if (isEnding) {
                    return null;
                }
                process = (given.isEmpty() ? spawn : ListenFds.give(spawn, given)).start();
                return process;
            }
        } finally {
            for (NamedFd each : given) {
                each.fd().asFd().close();
            }
        }
    }

    private void listen() {
        while (true) {
            try (Notification notification = receiver.receive()) {
                long sender = notification.sender().uid();
                if (sender == user || sender == 0) {
                    heed(notification);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException e) {
                Failures.tell("a notification of " + command.getFirst() + " was dropped: " + e.getMessage());
            }
        }
    }

    private void heed(Notification notification) throws IOException {
        String name = notification.get("FDNAME").orElse("stored");
        if (notification.get("FDSTOREREMOVE").filter("1"::equals).isPresent()) {
            store.remove(Names.check(name));
        } else if (notification.get("FDSTORE").filter("1"::equals).isPresent()) {
            List<OwnedFd> fds = notification.takeFds();
            try {
                store.add(Names.check(name), fds);
            } catch (Throwable t) {
                for (OwnedFd fd : fds) {
                    fd.close();
                }
                throw t;
            }
        }
    }

    /** What it stored just before it ended is in the queue: a message behind it tells when that was dealt with. */
    private void awaitNotifications() throws IOException {
        try {
            NotifySocket.of(receiver.localAddress()).barrier(Duration.ofSeconds(PATIENCE_SECONDS));
        } catch (ConnectException e) {
            // This is ending, and nobody receives any more.
        }
    }

    /** Tells it to end, and does not wait for longer than it may take. */
    @Override
    public void close() throws IOException {
        SpawnedProcess last;
        synchronized (this) {
            isEnding = true;
            last = process;
        }
        if (last != null && last.isAlive()) {
            last.destroy();
            try {
                if (!last.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    last.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                last.destroyForcibly();
            }
        }
        receiver.close();
    }
}
