package dev.fdpass.bench.soak;

import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A sender on another thread, over a pair. It says when it is done, and everything must have come. */
final class LocalConversation implements Lane.Conversation {
    private final Lane lane;
    private final SplittableRandom random;

    LocalConversation(Lane lane) {
        this.lane = lane;
        random = new SplittableRandom(lane.seed());
    }

    @Override
    public void run() throws IOException, InterruptedException, ExecutionException {
        String owner = lane.nextOwner("local");
        Ledger ledger = Ledger.ofThisProcess();
        Reckoning reckoning = new Reckoning(owner, lane.counts());
        Assembly assembly = lane.type().assembly(reckoning, lane.counts());
        SplittableRandom randomOfSender = random.split();
        long lasts = Lane.millisAsNanos(random.nextLong(Lane.LEAST_MILLIS, Lane.MOST_MILLIS));
        try (SocketPair<? extends ScmSocket> pair = lane.type().pair();
                Receiver receiver = receiver(pair.second(), assembly)) {
            lane.type().setOptions(pair.second(), random.split());
            FutureTask<Void> sending = new FutureTask<>(() -> {
                try {
                    send(pair.first(), owner, randomOfSender, ledger, System.nanoTime() + lasts);
                } catch (Throwable t) {
                    pair.second().close(); // the receiver of a datagram socket would wait for ever
                    throw t;
                }
                return null;
            });
            Thread thread = Thread.ofPlatform().name(owner).start(sending);
            try {
                receiveAll(receiver, reckoning);
            } catch (ClosedChannelException e) {
                // The sender has failed, and says how.
            } finally {
                pair.first().close(); // or it would go on, should the receiver have failed
                thread.join();
            }
            sending.get();
            assembly.checkEnd();
        }
        reckoning.checkAll(ledger);
        lane.counts().sent.add(ledger.sentFds());
        lane.counts().addAttempts(ledger);
        lane.counts().connections.increment();
    }

    private Receiver receiver(ScmSocket socket, Assembly assembly) {
        Fates fates = new Fates(random.split(), lane.counts(), lane.later());
        return new Receiver(socket, random.split(), fates, lane.counts(), assembly, true);
    }

    private void receiveAll(Receiver receiver, Reckoning reckoning) throws IOException {
        while (!reckoning.isLast()) {
            if (receiver.receive() == Receiver.Found.END) {
                return; // the same
            }
        }
        // Its socket is closed now, which a datagram socket does not hear.
        while (lane.type().isConnected() && receiver.receive() != Receiver.Found.END) {
            Thread.onSpinWait();
        }
    }

    private void send(ScmSocket socket, String owner, SplittableRandom choices, Ledger ledger, long deadline)
            throws IOException {
        try (socket;
                NamedFiles files = new NamedFiles(owner);
                Sender sender = new Sender(socket, files, choices, ledger)) {
            while (System.nanoTime() - deadline < 0 && !lane.stopping().getAsBoolean()) {
                sender.send();
            }
            sender.sendLast();
        }
    }
}
