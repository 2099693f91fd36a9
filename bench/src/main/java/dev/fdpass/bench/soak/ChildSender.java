package dev.fdpass.bench.soak;

import dev.fdpass.AsFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** The program that a child runs: it sends until it is killed. */
public final class ChildSender {
    private ChildSender() {}

    static Process start(SocketType type, UnixAddress address, String owner, long seed) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // It does not live long.
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx32m",
                        "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildSender.class.getName(),
                        type.name(),
                        address.toString(),
                        owner,
                        Long.toString(seed))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /**
     * Sends.
     *
     * @param arguments type of socket, address of the receiver, name of this sender, seed
     * @throws IOException when the receiver is gone
     */
    public static void main(String[] arguments) throws IOException {
        UnixAddress to = UnixAddress.of(arguments[1]);
        String owner = arguments[2];
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[3]));
        try (ScmSocket socket = connect(SocketType.valueOf(arguments[0]), to);
                SharedMemory memory = SharedMemory.create("soak-ledger", Ledger.BYTES);
                NamedFiles files = new NamedFiles(owner)) {
            memory.addSeals(Seal.SHRINK, Seal.GROW);
            Ledger ledger = Ledger.shared(memory, Arena.global());
            ByteBuffer first = ByteBuffer.allocate(Header.BYTES);
            new Header(Header.LEDGER, 0, 0, 0, 0).writeMessage(first);
            socket.send(first.flip(), new AsFd[] {memory});
            try (Sender sender = new Sender(socket, files, random, ledger)) {
                while (true) {
                    sender.send();
                }
            }
        }
    }

    private static ScmSocket connect(SocketType type, UnixAddress to) throws IOException {
        return switch (type) {
            case STREAM -> UnixStream.connect(to);
            case SEQPACKET -> UnixSeqpacket.connect(to);
            case DATAGRAM -> {
                UnixDatagram socket = UnixDatagram.open();
                try {
                    yield socket.connect(to);
                } catch (Throwable t) {
                    socket.close();
                    throw t;
                }
            }
        };
    }
}
