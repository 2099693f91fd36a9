package dev.fdpass.cli.hold;

import dev.fdpass.AsFd;
import dev.fdpass.Credentials;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.cli.Names;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Answers requests at an address, one packet each way: {@code put NAME} with descriptors, {@code get NAME},
 * {@code remove NAME}, {@code list}. An answer begins with {@code ok} or {@code error} and a blank. Only for processes of
 * the same user, and root's.
 */
final class HoldServer implements Closeable {
    static final int LONGEST = 64 * 1024;
    static final String OK = "ok ";
    static final String ERROR = "error ";

    /** Nobody holds a connection, and the descriptors that may be in it, for longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final UnixSeqpacketListener listener;
    private final Store store;
    private final long user = Credentials.ofSelf().uid();

    private HoldServer(UnixSeqpacketListener listener, Store store) {
        this.listener = listener;
        this.store = store;
    }

    /** Listens there. */
    static HoldServer bind(UnixAddress address, Store store) throws IOException {
        return new HoldServer(UnixSeqpacketListener.bind(address), store);
    }

    /** Serves until it is closed. */
    void serve() throws IOException {
        while (true) {
            UnixSeqpacket connection;
            try {
                connection = listener.accept();
            } catch (ClosedChannelException e) {
                return;
            }
            Thread.ofVirtual().name("hold").start(() -> attend(connection));
        }
    }

    private void attend(UnixSeqpacket connection) {
        try (connection) {
            connection.setReceiveTimeout(PATIENCE);
            connection.setSendTimeout(PATIENCE);
            long peer = connection.peer().credentials().uid();
            if (peer != user && peer != 0) {
                reply(connection, ERROR + "descriptors of user " + user + " are not for user " + peer, List.of());
                return;
            }
            try (Received request = connection.receive(LONGEST, ScmMessage.SCM_MAX_FDS)) {
                if (!request.isEndOfStream()) {
                    answer(connection, request);
                }
            }
        } catch (IOException e) {
            // It has gone, or takes no answer: nobody is there to be told.
        }
    }

    private void answer(UnixSeqpacket connection, Received request) throws IOException {
        List<OwnedFd> given = new ArrayList<>();
        try {
            String text = answer(request, given);
            reply(connection, OK + text, given);
        } catch (IllegalArgumentException | IllegalStateException e) {
            reply(connection, ERROR + e.getMessage(), List.of());
        } finally {
            for (OwnedFd fd : given) {
                fd.close();
            }
        }
    }

    private String answer(Received request, List<OwnedFd> given) throws IOException {
        if (request.isPayloadTruncated() || request.isControlTruncated()) {
            throw new IllegalArgumentException(
                    "not everything arrived; it may be too long, or hold has no more room for"
                            + " descriptors (RLIMIT_NOFILE)");
        }
        String[] words = text(request).split(" ", 2);
        String name = words.length < 2 ? "" : words[1];
        switch (words[0]) {
            case "put" -> {
                return put(Names.check(name), request);
            }
            case "get" -> {
                given.addAll(store.duplicates(Names.check(name)));
                if (given.isEmpty()) {
                    throw new IllegalArgumentException("nothing is held as " + name + "; held are "
                            + String.join(", ", store.content().keySet()));
                }
                if (given.size() > ScmMessage.SCM_MAX_FDS) {
                    throw new IllegalArgumentException(given.size() + " descriptors are held as " + name
                            + "; one message carries at most " + ScmMessage.SCM_MAX_FDS);
                }
                return Integer.toString(given.size());
            }
            case "remove" -> {
                return Integer.toString(store.remove(Names.check(name)));
            }
            case "list" -> {
                return list();
            }
            default -> throw new IllegalArgumentException("'" + words[0] + "' is none of put, get, remove and list");
        }
    }

    private String put(String name, Received request) throws IOException {
        List<OwnedFd> fds = request.takeFds();
        try {
            store.add(name, fds);
        } catch (Throwable t) {
            for (OwnedFd fd : fds) {
                fd.close();
            }
            throw t;
        }
        return Integer.toString(fds.size());
    }

    /** A line for each descriptor: name, kind, what {@code /proc} calls it. */
    private String list() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, List<OwnedFd>> entry : store.content().entrySet()) {
            for (OwnedFd fd : entry.getValue()) {
                try {
                    text.append(Held.of(entry.getKey(), fd).line());
                } catch (IOException e) {
                    // Removed meanwhile.
                }
            }
        }
        if (text.length() > LONGEST / 4) { // each character may be several bytes
            throw new IllegalArgumentException("too much is held to be listed in a message; ask for what you need");
        }
        return text.toString();
    }

    private static void reply(UnixSeqpacket connection, String text, List<OwnedFd> fds) throws IOException {
        connection.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), fds.toArray(new AsFd[0]));
    }

    static String text(Received message) {
        return StandardCharsets.UTF_8.decode(message.data()).toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
