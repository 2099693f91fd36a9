package dev.fdpass.strace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@link PeerProgram} in a JVM of its own. */
final class Peer implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final String GONE = "";

    private final Process process;
    private final Writer requests;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Thread reader;

    Peer(Side side, Class<?> program, List<String> options, Path address) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Few threads to be traced, and a heap for which nothing is asked of the system.
        command.addAll(List.of("-Xms64m", "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-Ddev.fdpass.parkingIdleMillis=1"));
        command.addAll(options);
        command.addAll(List.of(program.getName(), side.name(), address.toString()));
        process = new ProcessBuilder(command)
                // What is logged of faults is for who looks into a failure.
                .redirectError(address.resolveSibling(side + ".log").toFile())
                .start();
        requests = process.outputWriter(UTF_8);
        reader = Thread.ofPlatform().daemon().start(this::read);
        assertThat(answer()).isEqualTo(PeerProgram.READY);
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(line);
            }
        } catch (IOException e) {
            // It is gone, too.
        }
        answers.add(GONE);
    }

    private String answer() throws InterruptedException {
        String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null || answer.equals(GONE)) {
            process.destroyForcibly();
            throw new AssertionError(answer == null ? "the program hangs" : "the program is gone");
        }
        return answer;
    }

    /** How an exchange ended. */
    String exchange() throws IOException, InterruptedException {
        return ask("");
    }

    /** Has it close a number, of which it knows nothing any more. */
    void close(int number) throws IOException, InterruptedException {
        assertThat(ask("" + number)).isEqualTo("0");
    }

    private String ask(String what) throws IOException, InterruptedException {
        requests.write(what + "\n");
        requests.flush();
        return answer();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Its descriptors, by number: sockets and memory, which is what the messages bring. Not the epoll instance by which virtual
     * threads wait, and the eventfd of a thread that waits without it, which come and go; nor what the JVM opens for itself.
     */
    Map<Integer, String> open() throws IOException {
        Map<Integer, String> open = new TreeMap<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
            links.forEach(link -> {
                try {
                    String name = Files.readSymbolicLink(link).toString();
                    if (name.startsWith("socket:") || name.startsWith("/memfd:")) {
                        open.put(Integer.parseInt(link.getFileName().toString()), name);
                    }
                } catch (IOException e) {
                    // It was closed at this moment.
                }
            });
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        try {
            requests.close();
        } catch (IOException e) {
            // What was not read any more.
        }
        try {
            reader.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
