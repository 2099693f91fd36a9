package dev.fdpass.cli.varlink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.cli.Closing;
import dev.fdpass.cli.Ending;
import dev.fdpass.cli.Failures;
import dev.fdpass.cli.FileArgument;
import dev.fdpass.cli.Version;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.varlink.VarlinkCall;
import dev.fdpass.varlink.VarlinkException;
import dev.fdpass.varlink.VarlinkServer;
import dev.fdpass.varlink.VarlinkService;
import dev.fdpass.varlink.VarlinkSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code fdpass varlink serve} does. */
final class Serving {
    private static final int FIRST_FD = 3;
    /** Most bytes of a reply. */
    private static final int LONGEST = 1 << 20;

    private final List<String> command;
    private final List<OwnedFd> fds;

    private Serving(List<String> command, List<OwnedFd> fds) {
        this.command = command;
        this.fds = fds;
    }

    static void run(UnixAddress address, Path description, List<String> command, List<String> files)
            throws IOException {
        Path unused = Spawn.of(command).program(); // or nobody would hear before the first call that it is not there
        String text = text(description);
        List<OwnedFd> fds = new ArrayList<>();
        try (Closing _ = new Closing(fds)) {
            FileArgument.openAll(files, fds);
            VarlinkService service = service(description, text, new Serving(command, fds));
            try (VarlinkServer server =
                    Ending.opens(() -> VarlinkServer.start(UnixStreamListener.bind(address), service))) {
                server.awaitEnd();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static String text(Path description) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(FileArgument.content(description)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(description + " is no text in UTF-8", e);
        }
    }

    private static VarlinkService service(Path description, String text, Serving serving) {
        try {
            String[] version = new Version().getVersion();
            return VarlinkService.builder(
                            "fdpass", "fdpass varlink serve", version[0], "https://github.com/fdpass/fdpass")
                    .add(text, serving::answer)
                    .build();
        } catch (VarlinkSyntaxException e) {
            throw new IllegalArgumentException(description + ": " + e.getMessage(), e);
        }
    }

    private void answer(VarlinkCall call) throws IOException, InterruptedException {
        try {
            run(call);
        } catch (VarlinkException e) {
            throw e; // the command's own
        } catch (IOException e) {
            Failures.tell(call.method() + ": " + Failures.line(e));
            throw new VarlinkException(VarlinkException.INTERNAL_ERROR);
        }
    }

    private void run(VarlinkCall call) throws IOException, InterruptedException {
        List<OwnedFd> received = new ArrayList<>();
        try {
            for (int i = 0; i < call.fdCount(); i++) {
                received.add(call.takeFd(i));
            }
            Process process = start(call, received);
            Thread writer = give(process, call); // beside, since it may say much before it reads
            boolean hasEnded = false;
            byte[] output;
            try {
                output = output(process);
                process.waitFor(); // it may have something to do behind what it said
                hasEnded = true;
            } finally {
                if (!hasEnded) {
                    process.destroy();
                }
                writer.interrupt(); // what it has left of the parameters is read by nobody, or by others that it
                // started
            }
            reply(call, output, process.exitValue());
        } finally {
            for (OwnedFd fd : received) {
                fd.closeAside();
            }
        }
    }

    private Process start(VarlinkCall call, List<OwnedFd> received) throws IOException {
        Spawn spawn = Spawn.of(command)
                .inheritIo()
                .stdinPipe()
                .stdoutPipe()
                .variable("VARLINK_METHOD", call.method())
                .variable("VARLINK_FDS", Integer.toString(received.size()));
        for (int i = 0; i < received.size(); i++) {
            spawn = spawn.fd(FIRST_FD + i, received.get(i));
        }
        return spawn.start();
    }

    /** Gives it the parameters. */
    private static Thread give(Process process, VarlinkCall call) {
        byte[] parameters = (call.parameters() + "\n").getBytes(StandardCharsets.UTF_8);
        return Thread.ofVirtual().name("varlink-parameters").start(() -> {
            try (OutputStream in = process.getOutputStream()) {
                in.write(parameters);
            } catch (IOException e) {
                // It does not read them, which is its own affair.
            }
        });
    }

    private static byte[] output(Process process) throws IOException {
        try (InputStream out = process.getInputStream()) {
            byte[] output = out.readNBytes(LONGEST + 1);
            if (output.length > LONGEST) {
                throw new IOException("the command printed more than " + LONGEST + " bytes");
            }
            return output;
        }
    }

    private void reply(VarlinkCall call, byte[] output, int status) throws IOException {
        if (status != 0) {
            throw failure(output, status);
        }
        JsonNode said;
        try {
            said = Json.read(output);
        } catch (IllegalArgumentException e) {
            throw new IOException("the command printed " + e.getMessage(), e);
        }
        if (said.isMissingNode()) {
            call.reply(Map.of());
        } else if (said instanceof ObjectNode object) {
            call.reply(object, fds.toArray(new AsFd[0]));
        } else {
            throw new IOException("the command printed no JSON object");
        }
    }

    /** What a command that failed said of it. */
    private static IOException failure(byte[] output, int status) {
        try {
            JsonNode said = Json.read(output);
            if (said.path("error").isTextual()) {
                Object parameters = said.path("parameters") instanceof ObjectNode object ? object : Map.of();
                return new VarlinkException(said.path("error").textValue(), parameters);
            }
        } catch (IllegalArgumentException e) {
            return new IOException(
                    "the command ended with status " + status + ", and printed no error: " + e.getMessage(), e);
        }
        return new IOException("the command ended with status " + status);
    }
}
