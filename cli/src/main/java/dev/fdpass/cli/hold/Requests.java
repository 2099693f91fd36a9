package dev.fdpass.cli.hold;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.cli.Closing;
import dev.fdpass.cli.Names;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What may be asked, one packet each: {@code put NAME} with descriptors, {@code get NAME}, {@code remove NAME},
 * {@code list}.
 */
final class Requests {
    /** How many names an error says. */
    private static final int MOST_NAMES = 10;

    private final Store store;

    Requests(Store store) {
        this.store = store;
    }

    /** Answers, also if it cannot be done; throws only if no answer is taken. */
    void answer(Received request, UnixSeqpacket connection) throws IOException {
        try {
            String[] words = words(request);
            String name = words.length < 2 ? "" : words[1];
            switch (words[0]) {
                case "put" -> put(Names.check(name), request, connection);
                case "get" -> get(Names.check(name), connection);
                case "remove" -> remove(Names.check(name), connection);
                case "list" -> new Answer(list()).send(connection);
                default ->
                    throw new IllegalArgumentException("'" + words[0] + "' is none of put, get, remove and list");
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            Answer.sendError(connection, String.valueOf(e.getMessage()));
        }
    }

    private static String[] words(Received request) {
        if (request.isPayloadTruncated() || request.isControlTruncated()) {
            throw new IllegalArgumentException(
                    "not everything arrived; it may be too long, or hold has no more room for"
                            + " descriptors (RLIMIT_NOFILE)");
        }
        return Answer.text(request).split(" ", 2);
    }

    private void put(String name, Received request, UnixSeqpacket connection) throws IOException {
        List<OwnedFd> fds = request.takeFds();
        try {
            if (fds.isEmpty()) {
                throw new IllegalArgumentException("no descriptor came to be held as " + name);
            }
            store.add(name, fds);
            new Answer(Integer.toString(fds.size())).send(connection);
        } catch (Throwable t) {
            store.take(fds); // whoever did not hear of it may put them again
            Closing.because(t, fds);
            throw t;
        }
    }

    private void get(String name, UnixSeqpacket connection) throws IOException {
        List<OwnedFd> given = store.duplicates(name);
        try (Closing _ = new Closing(given)) {
            if (given.isEmpty()) {
                throw new IllegalArgumentException("nothing is held as " + name + "; " + names());
            }
            new Answer(Integer.toString(given.size()), given).send(connection);
        }
    }

    private String names() {
        List<String> names = List.copyOf(store.content().keySet());
        return names.isEmpty()
                ? "nothing is held at all"
                : "held are "
                        + names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
                        + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
    }

    private void remove(String name, UnixSeqpacket connection) throws IOException {
        List<OwnedFd> removed = store.take(name);
        try {
            Closing.all(removed);
        } catch (IOException e) {
            throw new IOException(removed.size() + " are removed, but when they were closed: " + e.getMessage(), e);
        }
        new Answer(Integer.toString(removed.size())).send(connection);
    }

    /** A line for each descriptor. */
    private String list() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, List<OwnedFd>> entry : store.content().entrySet()) {
            for (OwnedFd fd : entry.getValue()) {
                try {
                    text.append(Held.of(entry.getKey(), fd).line());
                } catch (ClosedChannelException e) {
                    // Removed meanwhile.
                }
            }
        }
        return text.toString();
    }
}
