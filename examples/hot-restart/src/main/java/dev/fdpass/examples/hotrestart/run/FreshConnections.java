package dev.fdpass.examples.hotrestart.run;

import dev.fdpass.examples.hotrestart.http.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client with a new connection for every request, one after the other: the others keep their connections, and would not
 * notice that new ones are refused.
 */
final class FreshConnections implements AutoCloseable {
    private static final long PAUSE_MILLIS = 2;
    private static final String REQUEST = "GET /pid HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final Pattern SERVER_PID =
            Pattern.compile("\r\n" + Response.SERVER_PID + ": ([0-9]+)\r\n", Pattern.CASE_INSENSITIVE);

    private final int port;
    private final Duration limit;
    private final Tally tally = new Tally();
    private final Thread thread;
    private volatile boolean isToEnd;

    private FreshConnections(int port, Duration limit) {
        this.port = port;
        this.limit = limit;
        thread = Thread.ofPlatform().daemon().name("fresh-connections").unstarted(this::askAgainAndAgain);
    }

    /**
     * Starts it.
     *
     * @param port on the loopback interface, where {@code GET /pid} is answered
     * @param limit in which it must be connected, and in which an answer must be there
     */
    static FreshConnections start(int port, Duration limit) {
        FreshConnections clients = new FreshConnections(port, limit);
        clients.thread.start();
        return clients;
    }

    private void askAgainAndAgain() {
        try {
            while (!isToEnd) {
                tally.sent(1);
                try {
                    ask();
                } catch (IOException e) {
                    tally.failed(1, "a new connection: " + e);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that
        }
    }

    /** The number of the process that answers a new connection. */
    long ask() throws IOException {
        try (TimedConnection connection = new TimedConnection(port, limit)) {
            connection.send(REQUEST);
            TimedConnection.Answer answer = connection.answer();
            Matcher server = SERVER_PID.matcher(answer.head());
            if (!server.find() || !answer.body().equals(server.group(1) + "\n")) {
                throw new IOException("answered with \"" + answer.head() + answer.body() + "\"");
            }
            connection.expectEnd();
            return Long.parseLong(server.group(1));
        }
    }

    Tally tally() {
        return tally;
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
