package dev.fdpass.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.AsFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A program that sends one message and ends: {@code TYPE ADDRESS BYTES CONTENT...}, with a file for each content.
 */
public final class SendsFiles {
    private SendsFiles() {}

    public static void main(String... arguments) throws IOException {
        UnixAddress address = UnixAddress.of(arguments[1]);
        try (ScmSocket socket = switch (SocketType.valueOf(arguments[0])) {
            case STREAM -> UnixStream.connect(address);
            case SEQPACKET -> UnixSeqpacket.connect(address);
            case DATAGRAM -> UnixDatagram.open().connect(address);
        }) {
            AsFd[] files = new AsFd[arguments.length - 3];
            for (int i = 0; i < files.length; i++) {
                SharedMemory file = SharedMemory.create("sent-by-child", 0); // closed by the end of the process
                file.asFd().write(ByteBuffer.wrap(arguments[i + 3].getBytes(UTF_8)));
                files[i] = file;
            }
            socket.send(ByteBuffer.wrap(arguments[2].getBytes(UTF_8)), files);
        }
    }
}
