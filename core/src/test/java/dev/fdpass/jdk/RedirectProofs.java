package dev.fdpass.jdk;

import static dev.fdpass.jdk.Proofs.PROVED;
import static dev.fdpass.jdk.Proofs.bytes;
import static dev.fdpass.jdk.Proofs.require;
import static dev.fdpass.jdk.Proofs.requireEqual;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.jdk.Proofs.Proof;
import dev.fdpass.jdk.Proofs.Subject;
import dev.fdpass.testing.LibcCalls;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What is proved of a {@link JdkRedirect}. */
final class RedirectProofs {
    private RedirectProofs() {}

    static void addTo(Map<Subject, Map<String, Proof>> all) {
        Map<String, Proof> exact = new LinkedHashMap<>();
        exact.put("the very open file", RedirectProofs::exactFile);
        exact.put("sockets", RedirectProofs::exactSocket);
        all.put(new Subject("Redirect, `from` and `to`", "to"), exact);
        Map<String, Proof> reopened = new LinkedHashMap<>();
        reopened.put("the file opened anew", RedirectProofs::reopenedFile);
        reopened.put("a pipe opened anew", RedirectProofs::reopenedPipe);
        all.put(new Subject("Redirect, `reopenFrom` and `reopenTo`", "to"), reopened);
    }

    private static void run(ProcessBuilder builder) throws Exception {
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        require(process.waitFor(60, TimeUnit.SECONDS), "the child ends");
        requireEqual(process.exitValue(), 0);
        process.getInputStream().close();
        process.getErrorStream().close();
    }

    private static String refused(OwnedFd fd) throws Exception {
        try (JdkRedirect redirect = JdkRedirect.from(fd)) {
            throw new AssertionError("without flags: " + redirect);
        } catch (UnsupportedOperationException e) {
            require(
                    e.getMessage().contains("--add-opens java.base/java.lang=")
                            && e.getMessage().contains("--add-opens java.base/java.io=")
                            && e.getMessage().contains("dev.fdpass.spawn"),
                    "the message says what can be done: " + e.getMessage());
            return "refused, naming the flags";
        }
    }

    private static String exactFile() throws Exception {
        Path file = Files.createTempFile("fdpass-", ".txt");
        try (OwnedFd fd = OwnedFd.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (!Proofs.hasFlags()) {
                return refused(fd);
            }
            Files.writeString(file, "0123456789");
            fd.position(4);
            try (JdkRedirect from = JdkRedirect.from(fd)) {
                run(new ProcessBuilder("head", "-c", "3").redirectInput(from.redirect()));
            }
            require(fd.position() > 4, "the position is shared");
            fd.position(2);
            try (JdkRedirect to = JdkRedirect.to(fd)) {
                run(new ProcessBuilder("printf", "xyz").redirectOutput(to.redirect()));
            }
            requireEqual(fd.position(), 5L);
            requireEqual(Files.readString(file), "01xyz56789");
        } finally {
            Files.delete(file);
        }
        return PROVED;
    }

    private static String exactSocket() throws Exception {
        try (var pair = UnixStream.pair()) {
            if (!Proofs.hasFlags()) {
                return refused(pair.first().asFd());
            }
            pair.second().send(bytes("hello"));
            try (JdkRedirect both = JdkRedirect.from(pair.first())) {
                run(new ProcessBuilder("head", "-c", "5")
                        .redirectInput(both.redirect())
                        .redirectOutput(both.redirect()));
            }
            try (var received = pair.second().receive(10, 0)) {
                requireEqual(UTF_8.decode(received.data()).toString(), "hello");
            }
        }
        return PROVED;
    }

    private static String reopenedFile() throws Exception {
        Path file = Files.createTempFile("fdpass-", ".txt");
        try (OwnedFd fd = OwnedFd.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            fd.write(bytes("0123456789"));
            fd.position(4);
            Path copy = Files.createTempFile("fdpass-", ".txt");
            try (JdkRedirect from = JdkRedirect.reopenFrom(fd);
                    OwnedFd target = OwnedFd.open(copy, StandardOpenOption.WRITE);
                    JdkRedirect to = JdkRedirect.reopenTo(target)) {
                run(new ProcessBuilder("cat").redirectInput(from.redirect()).redirectOutput(to.redirect()));
                run(new ProcessBuilder("printf", "x").redirectOutput(to.redirect()));
                requireEqual(Files.readString(copy), "0123456789x");
            } finally {
                Files.delete(copy);
            }
            requireEqual(fd.position(), 4L); // a new open file description has one of its own
        } finally {
            Files.delete(file);
        }
        return PROVED;
    }

    private static String reopenedPipe() throws Exception {
        int[] ends = LibcCalls.pipe();
        try (OwnedFd reads = OwnedFd.adopt(ends[0]);
                OwnedFd writes = OwnedFd.adopt(ends[1]);
                JdkRedirect to = JdkRedirect.reopenTo(writes)) {
            run(new ProcessBuilder("printf", "hello").redirectOutput(to.redirect()));
            requireEqual(reads.read(ByteBuffer.allocate(10)), 5);
        }
        return PROVED;
    }
}
