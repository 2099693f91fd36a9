package dev.fdpass.examples.hotrestart.server;

import dev.fdpass.ErrnoException;
import dev.fdpass.PidFd;
import dev.fdpass.Signal;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server and its successors as those see them who started the first: what it is told, and what it says. For one thread. */
public final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(5);
    private static final Pattern SERVING = Pattern.compile("serving ([0-9]+) on ([0-9]+)");
    private static final Pattern RESTARTED =
            Pattern.compile("restarted ([0-9]+) ([0-9]+) after ([0-9]+) ms, ([0-9]+) connections given, ([0-9]+) left");
    private static final String END = "(the server has ended)";

    private final SpawnedProcess first;
    private final Writer input;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private long pid;
    private int port;

    /**
     * What a restart was like.
     *
     * @param oldPid who served before; has ended
     * @param newPid who serves
     * @param millis until the new process had everything
     * @param totalMillis until the old process had ended
     * @param connections that went over
     */
    public record Restart(long oldPid, long newPid, long millis, long totalMillis, int connections) {}

    private ServerProcess(SpawnedProcess first) {
        this.first = first;
        input = first.outputWriter();
        Thread.ofVirtual().start(this::read);
    }

    /**
     * Starts the first server, and waits until it serves.
     *
     * @param command such as {@link ServerCommand#first}
     * @return the server, to be closed
     * @throws IOException if it does not serve
     * @throws InterruptedException if the thread is interrupted
     */
    public static ServerProcess start(List<String> command) throws IOException, InterruptedException {
        ServerProcess server = new ServerProcess(
                Spawn.of(command).inheritIo().stdinPipe().stdoutPipe().start());
        try {
            Matcher serving = server.await(SERVING);
            server.pid = Long.parseLong(serving.group(1));
            server.port = Integer.parseInt(serving.group(2));
            return server;
        } catch (Throwable t) {
            server.first.destroyForcibly();
            throw t;
        }
    }

    private void read() {
        try (BufferedReader output = first.inputReader()) {
            output.lines().forEach(said::add);
        } catch (IOException | RuntimeException e) {
            said.add(e.toString());
        }
        said.add(END);
    }

    /** {@return the number of the process that serves} */
    public long pid() {
        return pid;
    }

    /** {@return the port that it serves on, at the loopback interface} */
    public int port() {
        return port;
    }

    /**
     * Has it replaced, and waits until the old process has ended.
     *
     * @param options more options of the JVM, for the successor
     * @return what it was like
     * @throws IOException if the old one goes on, or does not end
     * @throws InterruptedException if the thread is interrupted
     */
    public Restart restart(String... options) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (PidFd old = PidFd.open(pid)) {
            input.write("restart " + String.join(" ", options) + "\n");
            input.flush();
            Matcher restarted = await(RESTARTED);
            if (!restarted.group(5).equals("0")) {
                throw new IOException(restarted.group(5) + " connections were not given to the successor");
            }
            old.awaitExit(PATIENCE);
            Restart restart = new Restart(
                    Long.parseLong(restarted.group(1)),
                    Long.parseLong(restarted.group(2)),
                    Long.parseLong(restarted.group(3)),
                    (System.nanoTime() - begin) / NANOS_PER_MILLI,
                    Integer.parseInt(restarted.group(4)));
            if (restart.oldPid() != pid || restart.newPid() == pid) {
                throw new IOException("process " + pid + " says: " + restarted.group());
            }
            pid = restart.newPid();
            return restart;
        }
    }

    /** What comes besides, such as that it serves, is not waited for. */
    private Matcher await(Pattern wanted) throws IOException, InterruptedException {
        while (true) {
            String line = said.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new IOException("the server says nothing for " + PATIENCE.toSeconds() + " s");
            }
            Matcher matcher = wanted.matcher(line);
            if (matcher.matches()) {
                return matcher;
            }
            if (line.startsWith("kept ") || line.equals(END)) {
                throw new IOException(line);
            }
        }
    }

    /** Tells the one that serves to end, and waits for that. */
    @Override
    public void close() throws IOException {
        try (input; // whose end tells it
                PidFd serving = PidFd.open(pid)) {
            input.close();
            try {
                serving.awaitExit(PATIENCE_AT_END);
            } catch (SocketTimeoutException e) {
                serving.sendSignal(Signal.SIGKILL);
            }
        } catch (ErrnoException e) {
            if (!e.name().equals("ESRCH")) { // it has ended already
                throw e;
            }
        }
    }
}
