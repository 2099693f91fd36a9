package dev.fdpass.examples.hotrestart;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection of a client that says exactly what a test wants it to say. */
public final class Client implements Closeable {
    private static final int PATIENCE_MILLIS = 120_000;

    private final Socket socket;

    /** Connects. */
    public Client(int port) throws IOException {
        socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** An answer: who gave it, and its body. */
    public record Answer(int status, long pid, String body) {}

    /** A request without a body. */
    public static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** Sends bytes, whatever they are. */
    public Client send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** Asks, and waits for the answer. */
    public Answer ask(String target) throws IOException {
        return send(get(target)).answer();
    }

    /** Waits for the next answer. */
    public Answer answer() throws IOException {
        InputStream input = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = input.read();
            if (next < 0) {
                throw new EOFException("closed after: " + head);
            }
            head.write(next);
        }
        String text = head.toString(StandardCharsets.US_ASCII);
        int length = Integer.parseInt(field(text, "content-length"));
        String body = new String(input.readNBytes(length), StandardCharsets.US_ASCII);
        return new Answer(
                Integer.parseInt(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length())),
                Long.parseLong(field(text, "server-pid")),
                body);
    }

    private static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("-1");
    }

    /** Whether the server closes the connection, without a byte. */
    public boolean isClosedByServer() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketException e) {
            return true; // reset
        }
    }

    /** Ends the connection with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
