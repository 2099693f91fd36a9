package dev.fdpass.spawn;

import dev.fdpass.FdPipe;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Pipes between this process and a new one, by the numbers that their ends have there. */
record Pipes(Map<Integer, FdPipe> pipes) {
    static final Pipes NONE = new Pipes(Map.of());

    static Pipes open(Set<Integer> numbers) throws IOException {
        Pipes all = new Pipes(new TreeMap<>());
        try {
            for (int number : numbers) {
                all.pipes.put(number, FdPipe.open());
            }
            return all;
        } catch (Throwable t) {
            all.closeBecauseOf(t);
            throw t;
        }
    }

    @Nullable
    FdPipe at(int number) {
        return pipes.get(number);
    }

    /** Closes the ends that the other process has now. */
    void closeItsEnds() throws IOException {
        for (Map.Entry<Integer, FdPipe> pipe : pipes.entrySet()) {
            (pipe.getKey() == 0 ? pipe.getValue().readEnd() : pipe.getValue().writeEnd()).close();
        }
    }

    void closeBecauseOf(Throwable reason) {
        for (FdPipe pipe : pipes.values()) {
            try {
                pipe.close();
            } catch (IOException e) {
                reason.addSuppressed(e);
            }
        }
    }

    OutputStream output(int number) {
        FdPipe pipe = pipes.get(number);
        return pipe == null ? closed() : new BufferedOutputStream(Channels.newOutputStream(pipe.writeEnd()));
    }

    InputStream input(int number) {
        FdPipe pipe = pipes.get(number);
        return pipe == null
                ? InputStream.nullInputStream()
                : new BufferedInputStream(Channels.newInputStream(pipe.readEnd()));
    }

    /** As {@link ProcessBuilder} has it for what goes elsewhere: nothing can be written. */
    private static OutputStream closed() {
        OutputStream none = OutputStream.nullOutputStream();
        try {
            none.close();
        } catch (IOException e) {
            throw new AssertionError("closing nothing failed", e);
        }
        return none;
    }
}
