package dev.fdpass.limits;

import dev.fdpass.Received;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.testing.Background;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStormTest {
    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int BYTES = 100;
    private static final int FDS = 8;

    @Test
    @DisplayName(
            "R16: 100 processes send to one datagram socket, 34 of them killed in mid-send: every descriptor is accounted for")
    void datagrams(@TempDir Path directory) throws Exception {
        try (UnixDatagram socket = UnixDatagram.bind(UnixAddress.unnamed());
                Storm storm = new Storm("datagram", socket.localAddress(), directory)) {
            socket.setReceiveTimeout(MOMENT);
            boolean over;
            boolean empty = false;
            do {
                over = storm.isOver(); // before the receive: what is not there then was not sent
                try (Received received = socket.receive(BYTES, FDS)) {
                    storm.take(received);
                } catch (SocketTimeoutException e) {
                    empty = over;
                }
            } while (!empty);
            storm.assertAllCame();
        }
    }

    @Test
    @DisplayName(
            "R16: 100 processes send over as many connections, 34 of them killed in mid-send: every descriptor is accounted for")
    void connections(@TempDir Path directory) throws Exception {
        try (UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed(), Storm.SENDERS);
                Storm storm = new Storm("seqpacket", listener.localAddress(), directory)) {
            List<Background<?>> receiving = new ArrayList<>();
            try {
                for (int i = 0; i < Storm.SENDERS; i++) {
                    UnixSeqpacket connection = listener.accept(PATIENCE);
                    receiving.add(Background.run(() -> receiveAll(connection, storm)));
                }
                for (Background<?> one : receiving) {
                    one.get();
                }
            } finally {
                receiving.forEach(Background::close);
            }
            storm.assertAllCame();
        }
    }

    private static Void receiveAll(UnixSeqpacket connection, Storm storm) throws Exception {
        try (connection) {
            while (true) {
                try (Received received = connection.receive(BYTES, FDS)) {
                    if (received.isEndOfStream()) {
                        return null;
                    }
                    storm.take(received);
                }
            }
        }
    }
}
