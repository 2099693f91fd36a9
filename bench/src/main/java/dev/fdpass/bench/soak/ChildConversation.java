package dev.fdpass.bench.soak;

import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixListener;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A sender in another process, which is killed ({@code SIGKILL}) at a random moment. What it had sent must still come. */
final class ChildConversation implements Lane.Conversation {
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final int SIGKILLED = 128 + 9;
    private static final int INTERRUPTED = 128 + 2;
    private static final int TERMINATED = 128 + 15;

    private final Lane lane;
    private final SplittableRandom random;
    private final ScheduledExecutorService killer;

    ChildConversation(Lane lane, ScheduledExecutorService killer) {
        this.lane = lane;
        this.killer = killer;
        random = new SplittableRandom(lane.seed());
    }

    @Override
    public void run() throws IOException, InterruptedException {
        String owner = lane.nextOwner("child");
        switch (lane.type()) {
            case STREAM -> {
                try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed())) {
                    converse(owner, listener);
                }
            }
            case SEQPACKET -> {
                try (UnixSeqpacketListener listener = UnixSeqpacketListener.bind(UnixAddress.unnamed())) {
                    converse(owner, listener);
                }
            }
            case DATAGRAM -> {
                try (UnixDatagram socket = UnixDatagram.bind(UnixAddress.unnamed())) {
                    Process child = ChildSender.start(lane.type(), socket.localAddress(), owner, random.nextLong());
                    try {
                        converse(owner, child, socket);
                    } finally {
                        child.destroyForcibly().waitFor();
                    }
                }
            }
        }
    }

    private void converse(String owner, UnixListener<?> listener) throws IOException, InterruptedException {
        Process child = ChildSender.start(lane.type(), listener.localAddress(), owner, random.nextLong());
        try (ScmSocket socket = accept(listener, child)) {
            if (socket != null) {
                converse(owner, child, socket);
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    /** The connection of the child; null if it was stopped before it came. */
    private static @Nullable ScmSocket accept(UnixListener<?> listener, Process child) throws IOException {
        while (true) {
            try {
                return listener.accept(PATIENCE);
            } catch (SocketTimeoutException e) {
                if (isStopped(child)) {
                    return null;
                }
            }
        }
    }

    private void converse(String owner, Process child, ScmSocket socket) throws IOException, InterruptedException {
        Reckoning reckoning = new Reckoning(owner, lane.counts());
        Assembly assembly = lane.type().assembly(reckoning, lane.counts());
        Fates fates = new Fates(random.split(), lane.counts(), lane.later());
        boolean hearsTheEnd = lane.type().isConnected();
        try (Arena arena = Arena.ofConfined();
                SharedMemory memory = receiveLedger(socket, child);
                Receiver receiver = new Receiver(socket, random.split(), fates, lane.counts(), assembly, hearsTheEnd)) {
            if (memory == null) {
                return;
            }
            lane.type().setOptions(socket, random.split());
            Ledger ledger = Ledger.shared(memory, arena);
            ScheduledFuture<?> kill = killer.schedule(
                    child::destroyForcibly,
                    random.nextLong(Lane.LEAST_MILLIS, Lane.MOST_MILLIS),
                    TimeUnit.MILLISECONDS);
            try {
                receiveUntilItIsDead(receiver, child);
            } finally {
                kill.cancel(false);
            }
            checkKilled(child, owner);
            assembly.checkEnd();
            reckoning.checkKilled(ledger);
            lane.counts().sent.add(reckoning.fds());
            lane.counts().addAttempts(ledger);
            lane.counts().connections.increment();
            lane.counts().killed.increment();
            if (ledger.begunMessages() > ledger.sentMessages()) {
                lane.counts().killedInMidSend.increment();
            }
        }
    }

    private void receiveUntilItIsDead(Receiver receiver, Process child) throws IOException {
        Receiver.Found found;
        boolean dead;
        do {
            if (lane.stopping().getAsBoolean()) {
                child.destroyForcibly();
            }
            dead = !child.isAlive(); // before the receive: what is not found then was never sent
            found = dead ? receiver.tryReceive() : receiver.receive();
        } while (found != Receiver.Found.END
                && !(dead && found == Receiver.Found.NOTHING && !lane.type().isConnected()));
    }

    /** Its first message has one descriptor: the memory in which it says what it does. Null if it was stopped before. */
    private static @Nullable SharedMemory receiveLedger(ScmSocket socket, Process child) throws IOException {
        socket.setReceiveTimeout(PATIENCE);
        while (true) {
            try (Received received = socket.receive(Header.BYTES, 1)) {
                if (received.isEndOfStream() && isStopped(child)) {
                    return null;
                }
                Header header = Header.read(received.data());
                if (header.kind() != Header.LEDGER || received.fdCount() != 1) {
                    throw new DiscrepancyException("the first message of a child is " + header + " with "
                            + received.fdCount() + " descriptors");
                }
                return SharedMemory.adopt(received.takeFd(0));
            } catch (SocketTimeoutException e) {
                if (isStopped(child)) {
                    return null;
                }
            }
        }
    }

    /** Whether a child that should be starting was stopped; fails if it ended in another way. */
    private static boolean isStopped(Process child) {
        if (child.isAlive()) {
            return false;
        }
        if (!isSignal(child.exitValue())) {
            throw new DiscrepancyException("a child ended with status " + child.exitValue() + " before it could send");
        }
        return true;
    }

    private static void checkKilled(Process child, String owner) throws InterruptedException {
        int status = child.waitFor();
        if (!isSignal(status)) {
            throw new DiscrepancyException(owner + " was not killed, it ended with status " + status);
        }
    }

    /** Whoever stops the soak from a terminal stops its children too. */
    private static boolean isSignal(int status) {
        return status == SIGKILLED || status == INTERRUPTED || status == TERMINATED;
    }
}
