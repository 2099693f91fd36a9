package dev.fdpass.examples.hotrestart.handover;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.examples.hotrestart.service.Log;
import dev.fdpass.examples.hotrestart.service.Parcel;
import dev.fdpass.examples.hotrestart.service.Service;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The side of the server that is replaced. Until the successor has acknowledged it, everything stays its own; when anything
 * goes wrong it makes sure that the successor is dead, takes back what that has not acknowledged, and goes on serving.
 */
public final class OldServer {
    /** What the successor finds the connection to this server at. */
    public static final int LINK_NUMBER = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Its descriptors are closed a moment before its status can be had, which may be a long one on a busy machine. */
    private static final Duration ENDING = Duration.ofSeconds(10);

    private static final Duration ACCEPT_AGAIN = Duration.ofMillis(100);

    private final Service service;
    private final OwnedFd listener;
    private final Duration drainLimit;
    /** A connection that was sent and not acknowledged yet. */
    private @Nullable Parcel underWay;

    private long sent;
    private boolean hasStoppedAccepting;

    /**
     * A server that can be replaced.
     *
     * @param service what serves; it accepts
     * @param listener what it accepts on, borrowed
     * @param drainLimit how long to wait for answers that are being made, once all connections were asked to leave
     */
    public OldServer(Service service, OwnedFd listener, Duration drainLimit) {
        this.service = service;
        this.listener = listener;
        this.drainLimit = drainLimit;
    }

    /**
     * How it went.
     *
     * @param successor the process that serves now; that of this server if it failed
     * @param connections that were given to it
     * @param left connections that were still being answered at the end
     * @param failure why this server goes on; empty if it is to end
     */
    public record Outcome(long successor, long connections, int left, Optional<String> failure) {}

    /**
     * Starts a successor and gives it everything. If that succeeds, this server has nothing more to do; if not, it serves as
     * before.
     *
     * @param command what starts the successor, which finds the connection to this server at {@link #LINK_NUMBER}
     * @return how it went
     * @throws IOException if it failed, and this server cannot accept any more
     * @throws InterruptedException if the thread is interrupted; the same holds
     */
    public Outcome replaceBy(List<String> command) throws IOException, InterruptedException {
        SocketPair<UnixSeqpacket> opened;
        try {
            opened = UnixSeqpacket.pair();
        } catch (IOException e) { // no descriptor is left, for instance; nothing has changed yet
            return kept(reason(e));
        }
        SpawnedProcess successor = null;
        try (SocketPair<UnixSeqpacket> pair = opened) {
            Link link = new Link(pair.first(), PATIENCE);
            try {
                successor = Spawn.of(command)
                        .inheritIo()
                        .fd(LINK_NUMBER, pair.second())
                        .start();
                pair.second().close();
                give(link);
                return new Outcome(successor.pid(), sent, service.connections(), Optional.empty());
            } catch (IOException | RuntimeException e) {
                String reason = reason(e);
                if (successor != null) {
                    reason += end(successor, isOfTheEnd(e) ? ENDING : Duration.ZERO);
                }
                takeBack(link);
                return kept(reason);
            }
        }
    }

    /** Whether it means that the other is gone: what comes first, a message to it or its end, is chance. */
    private static boolean isOfTheEnd(Exception e) {
        return e instanceof EOFException || (e instanceof ErrnoException errno && Link.isGone(errno));
    }

    private Outcome kept(String reason) {
        return new Outcome(ProcessHandle.current().pid(), sent, service.connections(), Optional.of(reason));
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /**
     * Gives everything to a successor that is there already.
     *
     * @param socket the connection to it, borrowed
     * @return how many connections it got
     * @throws IOException if it failed; what this server has then is undefined
     * @throws InterruptedException if the thread is interrupted; the same holds
     */
    public long giveTo(UnixSeqpacket socket) throws IOException, InterruptedException {
        give(new Link(socket, PATIENCE));
        return sent;
    }

    private void give(Link link) throws IOException, InterruptedException {
        sent = 0;
        introduce(link);
        hasStoppedAccepting = true;
        service.stopAccepting();
        giveAll(link);
        finish(link);
    }

    /** Until the successor accepts as well as this server does. */
    private void introduce(Link link) throws IOException {
        Message.Hello hello = expect(Message.Hello.class, link.receive().message());
        if (hello.lowestVersion() > MessageCodec.VERSION || hello.highestVersion() < MessageCodec.VERSION) {
            String reason = "it speaks versions " + hello.lowestVersion() + " to " + hello.highestVersion()
                    + " of the protocol, and this server speaks " + MessageCodec.VERSION;
            link.send(new Message.Failure(reason));
            throw new ProtocolException(reason);
        }
        link.send(new Message.Listener(MessageCodec.VERSION), listener);
        expect(Message.Ready.class, link.receive().message());
    }

    /** One after the other, so that each is without a server just as long as it takes to pass it. */
    private void giveAll(Link link) throws IOException, InterruptedException {
        while (true) {
            Optional<Parcel> next = service.release(drainLimit);
            if (next.isEmpty()) {
                return;
            }
            Parcel parcel = next.get();
            underWay = parcel;
            link.send(new Message.Connection(sent, parcel.unread()), parcel.socket());
            Message.Ack ack = expect(Message.Ack.class, link.receive().message());
            if (ack.id() != sent) {
                throw new ProtocolException("ACK of connection " + ack.id() + " instead of " + sent);
            }
            underWay = null;
            sent++;
            parcel.close();
        }
    }

    private void finish(Link link) throws IOException {
        link.send(new Message.Done(sent));
        Message.Done done = expect(Message.Done.class, link.receive().message());
        if (done.connections() != sent) {
            throw new ProtocolException("DONE with " + done.connections() + " connections instead of " + sent);
        }
    }

    /** Waits for it to be gone, for then it surely reads of no connection. */
    private static String end(SpawnedProcess successor, Duration byItself) throws InterruptedException {
        if (successor.waitFor(byItself)) {
            return "; it ended with status " + successor.exitValue();
        }
        successor.destroyForcibly().waitFor();
        return "; it was killed";
    }

    /** After the successor's end. */
    private void takeBack(Link link) throws IOException, InterruptedException {
        Parcel parcel = underWay;
        underWay = null;
        if (parcel != null && link.endsWithAck(sent)) {
            parcel.close(); // it may have read, and even answered: nobody can go on with that
            parcel = null;
        }
        link.close(); // a descriptor more for what follows
        if (parcel != null) {
            try {
                service.prepare(parcel).start();
            } catch (IOException | RuntimeException e) {
                Log.say("a connection is lost: " + e);
                parcel.close();
            }
        }
        service.keep();
        if (hasStoppedAccepting) {
            acceptAgain();
        }
    }

    /** Descriptors may be missing for a moment. */
    private void acceptAgain() throws IOException, InterruptedException {
        service.stopAccepting(); // if that is what failed
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                service.accept(listener);
                hasStoppedAccepting = false;
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Log.say("cannot accept for now: " + e);
                Thread.sleep(ACCEPT_AGAIN);
            }
        }
    }

    private static <M extends Message> M expect(Class<M> type, Message message) throws ProtocolException {
        if (!type.isInstance(message)) {
            throw new ProtocolException(
                    message.getClass().getSimpleName() + " came instead of " + type.getSimpleName());
        }
        return type.cast(message);
    }
}
