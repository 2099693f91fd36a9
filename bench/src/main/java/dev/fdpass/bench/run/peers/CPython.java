package dev.fdpass.bench.run.peers;

import dev.fdpass.bench.run.Contender;
import dev.fdpass.bench.run.Lane;
import dev.fdpass.bench.run.SentFds;
import dev.fdpass.bench.run.UnavailableException;
import dev.fdpass.bench.run.Work;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** CPython: a process of its own, which times itself. */
public final class CPython implements Contender {
    @Override
    public String name() {
        return "cpython";
    }

    @Override
    public Lane open(Work work, SentFds sent) throws UnavailableException {
        Path script = Path.of(System.getProperty("bench.home", "."), "src/main/python/passes.py");
        try {
            return new Child(new ProcessBuilder(
                            "python3",
                            script.toString(),
                            work.kind().name(),
                            work.bytes() + "",
                            work.buffers() + "",
                            work.fds() + "",
                            work.messages() + "",
                            work.flow().name())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UnavailableException("python3 is missing (Debian: apt-get install python3): " + e.getMessage());
        }
    }

    private static final class Child implements Lane {
        private final Process process;
        private final Writer questions;
        private final BufferedReader answers;
        private long nanos;

        Child(Process process) {
            this.process = process;
            questions = process.outputWriter();
            answers = process.inputReader();
        }

        @Override
        public End near() {
            return operations -> {
                questions.write(operations + "\n");
                questions.flush();
                String answer = answers.readLine();
                if (answer == null) {
                    throw new IOException("python3 ended");
                }
                nanos = Long.parseLong(answer);
            };
        }

        @Override
        public @Nullable End far() {
            return null;
        }

        @Override
        public long ownNanos() {
            return nanos;
        }

        @Override
        public boolean isInThisProcess() {
            return false;
        }

        @Override
        public void stop() {
            process.destroy();
        }

        @Override
        public void close() throws IOException {
            questions.close();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                process.destroy();
                Thread.currentThread().interrupt();
            }
            answers.close();
            process.getErrorStream().close();
        }
    }
}
