package dev.fdpass.cli.hold;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Closing;
import dev.fdpass.cli.Failures;
import dev.fdpass.cli.SameUser;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import dev.fdpass.systemd.ListenFds;
import dev.fdpass.systemd.Notification;
import dev.fdpass.systemd.NotifyReceiver;
import dev.fdpass.systemd.NotifySocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A program that is started again when it has ended, with what it stored ({@code sd_notify(3)}). Once it has been started, no
 * failure ends this: what is held would be lost.
 */
final class Service implements Closeable {
    /** One that lives for less than this is in trouble: it is started again after a pause, which grows. */
    private static final Duration SHORT_LIFE = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** How long it may take to end when it is told to. */
    private static final int PATIENCE_SECONDS = 10;

    private final List<String> command;
    private final Store store;
    /** A name that is not in a file could be used by others, and what they send would have to be closed. */
    private final Path directory;

    private final NotifyReceiver receiver;
    private Duration pause = FIRST_PAUSE;
    private @Nullable SpawnedProcess process;
    private boolean isEnding;

    Service(List<String> command, Store store) throws IOException {
        this.command = command;
        this.store = store;
        directory = Files.createTempDirectory("fdpass-hold-"); // for this user alone
        try {
            receiver = NotifyReceiver.bind(UnixAddress.of(directory.resolve("notify")));
        } catch (Throwable t) {
            Closing.because(t, List.<Closeable>of(() -> Files.delete(directory)));
            throw t;
        }
    }

    /** Runs it until it is not to be started again; gives its last status. Only that it cannot be started first is thrown. */
    int run(Restart restart) throws IOException, InterruptedException {
        Thread.ofPlatform().daemon().name("hold-notifications").start(this::listen);
        SpawnedProcess running = start();
        while (running != null) {
            long begin = System.nanoTime();
            int status = running.waitFor();
            awaitNotifications();
            if (isEnding() || !restart.isDue(status)) {
                return status;
            }
            if (System.nanoTime() - begin > SHORT_LIFE.toNanos()) {
                pause = FIRST_PAUSE;
            }
            Failures.tell(command.getFirst() + " ended with status " + status + ", is started again in "
                    + pause.toMillis() + " ms");
            running = startAgain();
        }
        return 0;
    }

    private @Nullable SpawnedProcess startAgain() throws InterruptedException {
        while (true) {
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            try {
                Closing.aside(store.takeHungUp());
                return start();
            } catch (IOException | RuntimeException e) {
                Failures.tell(command.getFirst() + " cannot be started: " + Failures.line(e) + "; is tried again in "
                        + pause.toMillis() + " ms");
            }
        }
    }

    /** With all that is held; null if this is ending. */
    private @Nullable SpawnedProcess start() throws IOException {
        Spawn spawn = Spawn.of(command).inheritIo().variable("NOTIFY_SOCKET", receiver.environmentValue());
        return store.lend(held -> startWith(ListenFds.give(spawn, held)));
    }

    private synchronized @Nullable SpawnedProcess startWith(Spawn spawn) throws IOException {
        if (!isEnding) {
            process = spawn.start();
        }
        return isEnding ? null : process;
    }

    private synchronized boolean isEnding() {
        return isEnding;
    }

    private void listen() {
        while (true) {
            try (Notification notification = receiver.receive()) {
                if (SameUser.is(notification.sender())) {
                    heed(notification);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException e) {
                Failures.tell("a notification of " + command.getFirst() + " was dropped: " + e.getMessage());
                LockSupport.parkNanos(FIRST_PAUSE.toNanos()); // it may be the receiving that fails, again and again
            }
        }
    }

    private void heed(Notification notification) throws IOException {
        if (notification.isFdStoreRemove()) {
            Closing.aside(notification.fdName().map(store::take).orElse(List.of()));
        } else if (notification.isFdStore()) {
            List<OwnedFd> unwanted = notification.takeFds();
            try {
                unwanted = store.addNew(
                        notification.fdName().orElse("stored"),
                        unwanted,
                        !notification.get("FDPOLL").equals(Optional.of("0")));
            } finally {
                Closing.aside(unwanted);
            }
        }
    }

    /** What it stored just before it ended is in the queue: a message behind it tells when that was dealt with. */
    private void awaitNotifications() {
        try {
            NotifySocket.of(receiver.localAddress()).barrier(Duration.ofSeconds(PATIENCE_SECONDS));
        } catch (IOException e) {
            if (!isEnding()) { // else nobody receives any more
                Failures.tell(
                        "what " + command.getFirst() + " stored at its end may not be held yet: " + e.getMessage());
            }
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
        synchronized (directory) { // the main thread closes this, too, and the directory has to be empty before it goes
            Closing.all(List.<Closeable>of(receiver, () -> Files.deleteIfExists(directory)));
        }
    }
}
