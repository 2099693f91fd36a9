package dev.fdpass.examples.hotrestart.run;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Clients that keep their connections and know what they asked: wrk takes any answer for the right one, and never learns of
 * one that does not come. Each request has a number of its own, and its answer must be that number, next, and in time. They
 * are sent three at a time, the last in two parts, with a pause before the next three: so a server hands over connections
 * that are idle, that are being answered, and that are read in part.
 */
final class KeptConnections implements AutoCloseable {
    /** How many there are in a run. */
    static final int CLIENTS = 8;

    private static final int AT_A_TIME = 3;
    private static final long PAUSE_BETWEEN_PARTS_MILLIS = 1;
    private static final long PAUSE_MILLIS = 20;

    private final int port;
    private final Duration limit;
    private final Tally tally = new Tally();
    private final List<Thread> threads;
    private volatile boolean isToEnd;

    private KeptConnections(int port, int clients, Duration limit) {
        this.port = port;
        this.limit = limit;
        threads = IntStream.range(0, clients)
                .mapToObj(client -> Thread.ofPlatform()
                        .daemon()
                        .name("kept-connection-" + client)
                        .unstarted(() -> connectAgainAndAgain(client)))
                .toList();
    }

    /**
     * Starts them.
     *
     * @param port on the loopback interface, where {@code POST /echo} is answered
     * @param clients how many, each with a connection
     * @param limit in which an answer must be there
     */
    static KeptConnections start(int port, int clients, Duration limit) {
        KeptConnections kept = new KeptConnections(port, clients, limit);
        kept.threads.forEach(Thread::start);
        return kept;
    }

    private void connectAgainAndAgain(int client) {
        long next = 0;
        try {
            while (!isToEnd) {
                next = useConnection(client, next);
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that
        }
    }

    /** Until it is to end, or something fails; returns the number of the next request, so that none is used twice. */
    private long useConnection(int client, long first) throws InterruptedException {
        long next = first;
        int unanswered = 1; // a connection that cannot be made, or ends in another way, is a failure too
        try (TimedConnection connection = new TimedConnection(port, limit)) {
            while (!isToEnd) {
                long begin = next;
                next += AT_A_TIME;
                tally.sent(AT_A_TIME);
                unanswered = AT_A_TIME;
                send(connection, client, begin);
                for (long number = begin; number < next; number++) {
                    check(connection.answer().body(), body(client, number));
                    unanswered--;
                }
                unanswered = 1;
                Thread.sleep(PAUSE_MILLIS);
            }
            connection.expectEnd();
        } catch (IOException e) {
            tally.failed(unanswered, "client " + client + ", before request " + next + ": " + e);
        }
        return next;
    }

    private static void send(TimedConnection connection, int client, long begin)
            throws IOException, InterruptedException {
        StringBuilder requests = new StringBuilder();
        for (long number = begin; number < begin + AT_A_TIME; number++) {
            String body = body(client, number);
            requests.append("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: ")
                    .append(body.length())
                    .append("\r\n\r\n")
                    .append(body);
        }
        int cut = requests.length() - 1 - (int) (begin % (requests.length() / AT_A_TIME)); // in the last one
        connection.send(requests.substring(0, cut));
        Thread.sleep(PAUSE_BETWEEN_PARTS_MILLIS);
        connection.send(requests.substring(cut));
    }

    private static String body(int client, long number) {
        return "request " + number + " of client " + client;
    }

    private static void check(String answer, String expected) throws IOException {
        if (!answer.equals(expected)) {
            throw new IOException("\"" + expected + "\" was answered with \"" + answer + "\"");
        }
    }

    Tally tally() {
        return tally;
    }

    /** Ends after the requests that are under way, and checks that nothing more comes. */
    @Override
    public void close() {
        isToEnd = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
