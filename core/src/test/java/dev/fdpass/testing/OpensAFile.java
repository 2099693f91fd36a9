package dev.fdpass.testing;

import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import java.nio.file.Path;

/** The least that a program can do with the library, twice; prints what came of it. */
public final class OpensAFile {
    private OpensAFile() {}

    private interface Step {
        Object run() throws Exception;
    }

    public static void main(String... arguments) {
        attempt(() -> {
            try (OwnedFd fd = OwnedFd.open(Path.of("/dev/null"))) {
                return fd.info().kind();
            }
        });
        attempt(() -> {
            try (SocketPair<UnixStream> pair = UnixStream.pair()) {
                return pair.first().isOpen();
            }
        });
    }

    private static void attempt(Step step) {
        try {
            System.out.println("worked: " + step.run());
        } catch (Throwable t) {
            System.out.println(t.getClass().getName() + ": " + t.getMessage());
        }
    }
}
