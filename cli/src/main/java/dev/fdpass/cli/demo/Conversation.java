package dev.fdpass.cli.demo;

import dev.fdpass.AsFd;
import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Short texts, some with a descriptor, one at a time in turn. That is why each arrives whole and alone on a stream, too:
 * a receive never has more than one send to take from.
 */
final class Conversation {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int LONGEST = 4096;

    private final ScmSocket socket;

    Conversation(ScmSocket socket) {
        this.socket = socket;
        socket.setReceiveTimeout(PATIENCE);
        socket.setSendTimeout(PATIENCE);
    }

    void say(String text, AsFd... fds) throws IOException {
        socket.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), fds);
    }

    /** Waits for the next text, which brings at most one descriptor. */
    Received hear() throws IOException {
        Received received = socket.receive(LONGEST, 1);
        if (received.isEndOfStream()) {
            throw new EOFException("the other process has gone");
        }
        return received;
    }

    String hearText() throws IOException {
        try (Received received = hear()) {
            return text(received);
        }
    }

    static String text(Received received) {
        return StandardCharsets.UTF_8.decode(received.data().duplicate()).toString();
    }
}
