package dev.fdpass.tube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fdpass.AsFd;
import dev.fdpass.EventFd;
import dev.fdpass.FdPipe;
import dev.fdpass.ListeningSocket;
import dev.fdpass.OwnedFd;
import dev.fdpass.PidFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A received descriptor is of the kind that its component says, or the message is refused. */
@SuppressWarnings("try") // closes in the middle
class WrongKindsTest {
    record Kinds(
            EventFd eventFd,
            SharedMemory sharedMemory,
            PidFd pidFd,
            UnixStream unixStream,
            UnixSeqpacket unixSeqpacket,
            UnixDatagram unixDatagram,
            UnixStreamListener unixStreamListener,
            UnixSeqpacketListener unixSeqpacketListener,
            ListeningSocket listeningSocket,
            Tube<ToWorker, FromWorker> tube,
            OwnedFd ownedFd) {}

    /** What each thing that a stranger may send is accepted as. */
    private static final Map<String, Set<String>> ACCEPTED = Map.ofEntries(
            Map.entry("eventfd", Set.of("eventFd")),
            Map.entry("sealed memory", Set.of("sharedMemory")),
            Map.entry("memory", Set.of()),
            Map.entry("pidfd", Set.of("pidFd")),
            Map.entry("stream", Set.of("unixStream", "tube")),
            Map.entry("seqpacket", Set.of("unixSeqpacket", "tube")),
            Map.entry("datagram", Set.of("unixDatagram", "tube")),
            Map.entry("stream listener", Set.of("unixStreamListener", "listeningSocket")),
            Map.entry("seqpacket listener", Set.of("unixSeqpacketListener", "listeningSocket")),
            Map.entry("pipe", Set.of()),
            Map.entry("directory", Set.of()));

    @Test
    void everyKindAgainstEveryComponent() throws IOException {
        try (EventFd bell = EventFd.create();
                SharedMemory sealed = SharedMemory.create("sealed", 1);
                SharedMemory memory = SharedMemory.create("unsealed", 1);
                PidFd process = PidFd.open(ProcessHandle.current());
                SocketPair<UnixStream> streams = UnixStream.pair();
                SocketPair<UnixSeqpacket> seqpackets = UnixSeqpacket.pair();
                SocketPair<UnixDatagram> datagrams = UnixDatagram.pair();
                UnixStreamListener streamListener = UnixStreamListener.bind(UnixAddress.unnamed());
                UnixSeqpacketListener seqpacketListener = UnixSeqpacketListener.bind(UnixAddress.unnamed());
                FdPipe pipe = FdPipe.open();
                OwnedFd directory = OwnedFd.open(java.nio.file.Path.of("/"))) {
            sealed.addSeals(Seal.SHRINK);
            Map<String, AsFd> things = new LinkedHashMap<>();
            things.put("eventfd", bell);
            things.put("sealed memory", sealed);
            things.put("memory", memory);
            things.put("pidfd", process);
            things.put("stream", streams.first());
            things.put("seqpacket", seqpackets.first());
            things.put("datagram", datagrams.first());
            things.put("stream listener", streamListener);
            things.put("seqpacket listener", seqpacketListener);
            things.put("pipe", pipe.readEnd());
            things.put("directory", directory);
            assertThat(things.keySet()).isEqualTo(ACCEPTED.keySet());

            try (RawPeer<Kinds, Kinds> peer = RawPeer.of(SocketType.STREAM, Kinds.class, Kinds.class)) {
                for (Map.Entry<String, AsFd> thing : things.entrySet()) {
                    for (var component : Kinds.class.getRecordComponents()) {
                        String name = component.getName();
                        peer.send("{\"" + name + "\":0}", thing.getValue());
                        if (name.equals("ownedFd")
                                || ACCEPTED.get(thing.getKey()).contains(name)) {
                            Kinds received = peer.tube().receive();
                            List<AsFd> fds = Descriptors.in(received);
                            assertThat(fds).as("%s as %s", thing.getKey(), name).hasSize(1);
                            assertThat(fds.getFirst().asFd().info().kind())
                                    .isEqualTo(thing.getValue().asFd().info().kind());
                            Descriptors.closeAll(received);
                        } else {
                            assertThatExceptionOfType(MessageException.class)
                                    .as("%s as %s", thing.getKey(), name)
                                    .isThrownBy(peer.tube()::receive)
                                    .withMessageContaining("at " + name + ": descriptor 0 is ")
                                    .withMessageContaining("was expected");
                        }
                    }
                }
            }
        }
    }

    record Memory(SharedMemory memory) {}

    @Test
    void memoryThatWouldBeRefusedIsNotSent() throws IOException {
        try (TubePair<Memory, Memory> pair = Tube.pair(Memory.class, Memory.class);
                SharedMemory memory = SharedMemory.create("unsealed", 1)) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> pair.first().send(new Memory(memory)))
                    .withMessageContaining("call addSeals(Seal.SHRINK) first");
            memory.addSeals(Seal.SHRINK);
            pair.first().send(new Memory(memory));
            Descriptors.closeAll(pair.second().receive());
            assertThat(pair.second().tryReceive()).isEmpty();
        }
    }

    @Test
    void whatIsClosedIsNotSent() throws IOException {
        try (TubePair<ToWorker, FromWorker> pair = Tube.pair(ToWorker.class, FromWorker.class);
                OwnedFd file = TestFiles.holding("x")) {
            OwnedFd closed = file.duplicate();
            closed.close();
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> pair.first().send(new ToWorker.Open("x", file, Map.of("y", closed))));
            assertThat(pair.second().tryReceive()).isEmpty();
        }
    }

    @Test
    void memoryThatIsClosedIsNotSent() throws IOException {
        try (TubePair<Memory, Memory> pair = Tube.pair(Memory.class, Memory.class);
                SharedMemory memory = SharedMemory.create("closed", 1)) {
            memory.addSeals(Seal.SHRINK);
            memory.close();
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> pair.first().send(new Memory(memory)))
                    .withMessageContaining("closed");
            assertThat(pair.second().tryReceive()).isEmpty();
        }
    }
}
