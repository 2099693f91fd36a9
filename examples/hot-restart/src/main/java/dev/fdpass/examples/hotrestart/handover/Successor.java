package dev.fdpass.examples.hotrestart.handover;

import dev.fdpass.ErrnoException;
import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.examples.hotrestart.service.Log;
import dev.fdpass.examples.hotrestart.service.Parcel;
import dev.fdpass.examples.hotrestart.service.Service;
import dev.fdpass.jdk.JdkSockets;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The side of the server that takes over. It reads of a connection only after its ACK is on its way. When the old server is
 * gone before the end, all that was received is its own: the old one makes sure that it is dead before it goes on alone.
 */
public final class Successor {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Service service;
    private final Consumer<CrashPoint> passed;

    /**
     * A successor.
     *
     * @param service what serves; it accepts nothing yet
     * @param passed told of every point that is reached, for instance {@link CrashPoint#pass}
     */
    public Successor(Service service, Consumer<CrashPoint> passed) {
        this.service = service;
        this.passed = passed;
    }

    /** What has to be done before it can be said that the service is ready. */
    @FunctionalInterface
    public interface WarmUp {
        /**
         * Runs.
         *
         * @throws IOException if the service does not work
         * @throws InterruptedException if the thread is interrupted
         */
        void run() throws IOException, InterruptedException;
    }

    /**
     * Takes over.
     *
     * @param socket the connection to the old server, which is closed in any case
     * @param warmUp run before it is told to be ready
     * @return the listener, which the service accepts on; the caller's
     * @throws IOException if it cannot; the old server serves on
     * @throws InterruptedException if the thread is interrupted; the same holds
     */
    public OwnedFd takeOver(UnixSeqpacket socket, WarmUp warmUp) throws IOException, InterruptedException {
        try (Link link = new Link(socket, PATIENCE)) {
            passed.accept(CrashPoint.HELLO);
            link.send(new Message.Hello(MessageCodec.VERSION, MessageCodec.VERSION));
            OwnedFd listener = receiveListener(link);
            try {
                passed.accept(CrashPoint.LISTENER);
                warmUp.run();
                service.accept(listener);
                sendIfThere(link, new Message.Ready());
                passed.accept(CrashPoint.READY);
                receiveConnections(link);
                return listener;
            } catch (Throwable t) {
                listener.close();
                throw t;
            }
        }
    }

    private static OwnedFd receiveListener(Link link) throws IOException {
        Link.Arrival arrival = link.receive(Expect.tcp().listening());
        if (arrival.message() instanceof Message.Listener listener && listener.version() == MessageCodec.VERSION) {
            return arrival.fds().getFirst();
        }
        for (OwnedFd fd : arrival.fds()) {
            fd.close();
        }
        String reason = arrival.message() + " came instead of LISTENER with version " + MessageCodec.VERSION;
        link.send(new Message.Failure(reason));
        throw new ProtocolException(reason);
    }

    private void receiveConnections(Link link) throws IOException {
        long count = 0;
        while (true) {
            Link.Arrival arrival;
            try {
                arrival = link.receive(Expect.tcp().notListening());
            } catch (EOFException e) {
                Log.say("the old server is gone before it gave everything; serving what it gave");
                return;
            }
            switch (arrival.message()) {
                case Message.Connection connection -> {
                    passed.accept(count == 0 ? CrashPoint.CONNECTION : CrashPoint.SECOND_CONNECTION);
                    take(link, connection, arrival.fds().getFirst());
                    count++;
                }
                case Message.Done done -> {
                    if (done.connections() != count) {
                        throw new ProtocolException(
                                "DONE with " + done.connections() + " connections instead of " + count);
                    }
                    passed.accept(CrashPoint.DONE);
                    sendIfThere(link, done);
                    return;
                }
                default -> {
                    for (OwnedFd fd : arrival.fds()) {
                        fd.close();
                    }
                    throw new ProtocolException(arrival.message() + " came instead of CONNECTION or DONE");
                }
            }
        }
    }

    private void take(Link link, Message.Connection connection, OwnedFd socket) throws IOException {
        Parcel parcel = new Parcel(socket, connection.unread());
        Service.Newcomer newcomer;
        try {
            newcomer = service.prepare(parcel);
        } catch (IOException | RuntimeException e) {
            boolean isReset;
            try {
                isReset = JdkSockets.remoteAddress(socket).isEmpty();
            } finally {
                parcel.close();
            }
            if (isReset) { // by the client, on the way
                sendIfThere(link, new Message.Ack(connection.id()));
                return;
            }
            throw e;
        }
        try {
            sendIfThere(link, new Message.Ack(connection.id()));
        } catch (Throwable t) {
            newcomer.close();
            throw t;
        }
        newcomer.start();
    }

    /** Not if the old server is gone: then nobody waits for it, and what it gave belongs to this one. */
    private static void sendIfThere(Link link, Message message) throws IOException {
        try {
            link.send(message);
        } catch (ErrnoException e) {
            if (!Link.isGone(e)) {
                throw e;
            }
        }
    }
}
