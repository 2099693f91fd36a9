package dev.fdpass.tube;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.fdpass.EventFd;
import dev.fdpass.ListeningSocket;
import dev.fdpass.OwnedFd;
import dev.fdpass.PidFd;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.memory.SharedMemory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Messages with whatever a message can have. */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
sealed interface Anything {
    record Plain(
            String text,
            long number,
            int small,
            boolean flag,
            double real,
            BigDecimal decimal,
            BigInteger large,
            Instant time,
            Duration duration,
            byte[] bytes,
            Optional<String> maybe,
            Set<Colour> colours,
            Map<Integer, String> names,
            @JsonAlias("was") UUID id)
            implements Anything {}

    record Files(
            OwnedFd any,
            EventFd event,
            SharedMemory memory,
            PidFd process,
            UnixStream stream,
            UnixSeqpacket packets,
            UnixDatagram datagrams,
            UnixStreamListener listener,
            UnixSeqpacketListener packetListener,
            ListeningSocket listening,
            Tube<Anything, Plain> tube)
            implements Anything {}

    record Many(
            List<OwnedFd> list,
            Map<String, EventFd> map,
            OwnedFd[] array,
            Optional<SharedMemory> maybe,
            Set<OwnedFd> set,
            Map<Integer, OwnedFd> numbered,
            List<Anything> more,
            Anything one)
            implements Anything {}

    /** Refuses some of its components itself. */
    record Checked(List<OwnedFd> files, int port) implements Anything {
        public Checked {
            files = List.copyOf(files);
            if (port < 0) {
                throw new IllegalArgumentException("port " + port);
            }
        }
    }

    enum Colour implements Anything {
        RED,
        GREEN
    }
}
