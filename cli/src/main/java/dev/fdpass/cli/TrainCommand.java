package dev.fdpass.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code fdpass train}: sends to itself, in every way, so that a Java machine that records what a start needs
 * ({@code -XX:AOTCacheOutput}) sees it. Leaves nothing behind.
 */
@Command(name = "train", hidden = true, header = "Send to itself, to record what a start needs.")
final class TrainCommand implements Callable<Integer> {
    private static final int PATIENCE_MILLIS = 10_000;

    @Override
    public Integer call() throws IOException, InterruptedException {
        pass(SocketType.STREAM, "--max-fds=1");
        for (SocketType type : SocketType.values()) {
            pass(type, "--json");
        }
        return 0;
    }

    private static void pass(SocketType type, String receiveOption) throws IOException, InterruptedException {
        String address = "@fdpass-train-" + ProcessHandle.current().pid() + "-" + type + receiveOption;
        String typeOption = "--type=" + type;
        Thread receiver = Thread.ofPlatform().start(() -> Main.execute("receive", address, typeOption, receiveOption));
        awaitBound(address);
        int status = Main.execute("send", address, "/dev/null", "/proc/self/stat", typeOption, "--timeout=10s");
        receiver.join(PATIENCE_MILLIS);
        if (status != 0) {
            throw new IOException("sending to itself ended with status " + status);
        }
    }

    private static void awaitBound(String address) throws IOException, InterruptedException {
        for (int waited = 0; !Files.readString(Path.of("/proc/net/unix")).contains(address); waited++) {
            if (waited > PATIENCE_MILLIS) {
                throw new IOException("nobody receives at " + address);
            }
            Thread.sleep(1);
        }
    }
}
