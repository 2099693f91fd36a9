package dev.fdpass.examples.hotrestart.run;

import dev.fdpass.examples.hotrestart.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client with a new connection for every request, one after the other: wrk keeps its connections, and would not notice
 * that new ones are refused.
 */
final class FreshConnections implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 2;
    private static final int MESSAGES_KEPT = 10;
    private static final byte[] REQUEST =
            "GET /pid HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern ANSWER = Pattern.compile(
            "HTTP/1\\.1 200 OK\r\n.*" + Response.SERVER_PID + ": ([0-9]+)\r\n.*\r\n\r\n\\1\n", Pattern.DOTALL);

    private final InetSocketAddress address;
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean isToEnd;

    private FreshConnections(int port) {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        thread = Thread.ofPlatform().daemon().name("fresh-connections").unstarted(this::askAgainAndAgain);
    }

    static FreshConnections start(int port) {
        FreshConnections clients = new FreshConnections(port);
        clients.thread.start();
        return clients;
    }

    private void askAgainAndAgain() {
        while (!isToEnd) {
            try {
                ask();
                Thread.sleep(PAUSE_MILLIS);
            } catch (IOException e) {
                failures.increment();
                if (messages.size() < MESSAGES_KEPT) {
                    messages.add(e.toString());
                }
            } catch (InterruptedException e) {
                return;
            }
            requests.increment();
        }
    }

    /** The number of the process that answers a new connection. */
    long ask() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(REQUEST);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher matcher = ANSWER.matcher(answer);
            if (!matcher.matches()) {
                throw new IOException("a new connection was answered with \"" + answer + "\"");
            }
            return Long.parseLong(matcher.group(1));
        }
    }

    long requests() {
        return requests.sum();
    }

    long failures() {
        return failures.sum();
    }

    /** What went wrong first. */
    List<String> messages() {
        return List.copyOf(messages);
    }

    /** Ends after the request that is under way. */
    @Override
    public void close() {
        isToEnd = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
