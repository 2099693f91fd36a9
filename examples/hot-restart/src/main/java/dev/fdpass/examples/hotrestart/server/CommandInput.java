package dev.fdpass.examples.hotrestart.server;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Lines of an input that the next process goes on reading. So a byte is read at a time, never one behind the end of the line:
 * what a reader has in a buffer is lost with its process.
 */
final class CommandInput {
    private final InputStream input;

    /** An input; reads from it no more than it must. */
    CommandInput(InputStream input) {
        this.input = input;
    }

    /** Standard input without the buffer that {@link System#in} has. */
    static CommandInput standard() {
        return new CommandInput(new FileInputStream(FileDescriptor.in));
    }

    /** The next line, without its end; at the end of the input {@code stop}. */
    String nextLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next;
        while ((next = input.read()) != '\n') {
            if (next < 0) {
                return line.size() == 0 ? "stop" : line.toString(StandardCharsets.UTF_8);
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
