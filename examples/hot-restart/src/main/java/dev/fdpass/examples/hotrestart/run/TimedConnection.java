package dev.fdpass.examples.hotrestart.run;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection of a client whose answers must be whole within a limit. A limit of each read would not do: it would begin again
 * with every byte. For one thread.
 */
final class TimedConnection implements Closeable {
    private static final int LONGEST_HEAD = 4096;
    private static final int LONGEST_BODY = 4096;
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *([0-9]{1,5})\r\n");

    private final Socket socket = new Socket();
    private final Duration limit;
    private final byte[] bytes = new byte[8192];
    private int position;
    private int end;
    private long deadline;

    /** An answer, and the head that it came with. */
    record Answer(String head, String body) {}

    /**
     * Connects, within the limit.
     *
     * @param port on the loopback interface
     * @param limit for what is done until {@link #send}, and from each to the next
     */
    TimedConnection(int port, Duration limit) throws IOException {
        this.limit = limit;
        try {
            deadline = System.nanoTime() + limit.toNanos();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millisLeft());
            socket.setTcpNoDelay(true); // what is sent in two parts is not to wait for each other
        } catch (Throwable t) {
            socket.close();
            throw t;
        }
    }

    /** Sends, and sets the time from which the limit counts. */
    void send(String text) throws IOException {
        deadline = System.nanoTime() + limit.toNanos();
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Waits for the next answer, which must be of status 200 and name the length of its body. */
    Answer answer() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            head.append((char) read(head));
            if (head.length() > LONGEST_HEAD) {
                throw new IOException("an answer with a head of more than " + LONGEST_HEAD + " bytes");
            }
        }
        Matcher length = LENGTH.matcher(head.toString().toLowerCase(Locale.ROOT));
        if (!head.toString().startsWith("HTTP/1.1 200 ") || !length.find()) {
            throw new IOException("answered with \"" + head + "\"");
        }
        int size = Integer.parseInt(length.group(1));
        if (size > LONGEST_BODY) {
            throw new IOException("an answer with a body of " + size + " bytes");
        }
        StringBuilder body = new StringBuilder();
        while (body.length() < size) {
            body.append((char) read(body));
        }
        return new Answer(head.toString(), body.toString());
    }

    private int read(StringBuilder before) throws IOException {
        if (position == end && !isFilled()) {
            throw new EOFException("closed after \"" + before + "\"");
        }
        return bytes[position++];
    }

    /** Waits for more bytes; false at the end of the stream. */
    private boolean isFilled() throws IOException {
        socket.setSoTimeout(millisLeft());
        position = 0;
        end = 0;
        try {
            end = Math.max(0, socket.getInputStream().read(bytes));
        } catch (SocketTimeoutException e) {
            throw late();
        }
        return end > 0;
    }

    private SocketTimeoutException late() {
        return new SocketTimeoutException("no whole answer within " + limit.toMillis() + " ms");
    }

    private int millisLeft() throws SocketTimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw late();
        }
        return (int) (left / NANOS_PER_MILLI) + 1;
    }

    /** Says that no more is asked, and fails if anything comes but the end. */
    void expectEnd() throws IOException {
        deadline = System.nanoTime() + limit.toNanos();
        socket.shutdownOutput();
        if (position < end || isFilled()) {
            throw new IOException("something came that nobody had asked for");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
