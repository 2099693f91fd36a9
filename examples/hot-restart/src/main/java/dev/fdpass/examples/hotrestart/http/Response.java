package dev.fdpass.examples.hotrestart.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An answer.
 *
 * @param status such as 200
 * @param body its content, from position to limit; shared, not to be changed
 */
public record Response(int status, ByteBuffer body) {
    /** The header that says which process answered. */
    public static final String SERVER_PID = "Server-Pid";

    /**
     * An answer of text.
     *
     * @param status such as 200
     * @param text its content
     * @return the answer
     */
    public static Response text(int status, String text) {
        return new Response(status, StandardCharsets.UTF_8.encode(text));
    }

    /**
     * As it is sent.
     *
     * @param pid of the process that answers
     * @param request what is answered; its method and version decide what is sent
     * @return head and body
     */
    public ByteBuffer toBytes(long pid, Request request) {
        String connection = !request.isKeptAlive()
                ? "Connection: close\r\n"
                : request.isHttp10() ? "Connection: keep-alive\r\n" : "";
        return toBytes(pid, connection, !request.method().equals("HEAD"));
    }

    /**
     * As it is sent when the connection is closed after it.
     *
     * @param pid of the process that answers
     * @return head and body
     */
    public ByteBuffer toLastBytes(long pid) {
        return toBytes(pid, "Connection: close\r\n", true);
    }

    private ByteBuffer toBytes(long pid, String connection, boolean hasBody) {
        byte[] head = ("HTTP/1.1 " + status + " " + reason() + "\r\n"
                        + "Content-Type: text/plain; charset=utf-8\r\n"
                        + "Content-Length: " + body.remaining() + "\r\n"
                        + SERVER_PID + ": " + pid + "\r\n"
                        + connection
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(head.length + (hasBody ? body.remaining() : 0));
        bytes.put(head);
        if (hasBody) {
            bytes.put(body.duplicate());
        }
        return bytes.flip();
    }

    private String reason() {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 413 -> "Content Too Large";
            case 417 -> "Expectation Failed";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 505 -> "HTTP Version Not Supported";
            default -> "Status";
        };
    }
}
