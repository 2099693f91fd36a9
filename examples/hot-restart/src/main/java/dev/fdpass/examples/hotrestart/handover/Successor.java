package dev.fdpass.examples.hotrestart.handover;

import dev.fdpass.ErrnoException;
import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.examples.hotrestart.server.Log;
import dev.fdpass.examples.hotrestart.server.Parcel;
import dev.fdpass.examples.hotrestart.server.Service;
import dev.fdpass.jdk.JdkSockets;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;

/**
 * The side of the server that takes over. It reads of a connection only after its ACK is on its way. When the old server is
 * gone before the end, all that was received is its own: the old one makes sure that it is dead before it goes on alone.
 */
public final class Successor {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Service service;

    /**
     * A successor.
     *
     * @param service what serves; it accepts nothing yet
     */
    public Successor(Service service) {
        this.service = service;
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
     * @param number of the descriptor that is the connection to the old server
     * @param warmUp run before it is told to be ready
     * @return the listener, which the service accepts on; the caller's
     * @throws IOException if it cannot; the old server serves on
     * @throws InterruptedException if the thread is interrupted; the same holds
     */
    public OwnedFd takeOver(int number, WarmUp warmUp) throws IOException, InterruptedException {
        CrashPoint.HELLO.pass();
        try (Link link = new Link(UnixSeqpacket.adopt(OwnedFd.adopt(number)), PATIENCE)) {
            link.send(new Message.Hello(MessageCodec.VERSION, MessageCodec.VERSION));
            OwnedFd listener = receiveListener(link);
            try {
                CrashPoint.LISTENER.pass();
                warmUp.run();
                service.accept(listener);
                sendIfThere(link, new Message.Ready());
                CrashPoint.READY.pass();
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
                    (count == 0 ? CrashPoint.CONNECTION : CrashPoint.SECOND_CONNECTION).pass();
                    take(link, connection, arrival.fds().getFirst());
                    count++;
                }
                case Message.Done done -> {
                    if (done.connections() != count) {
                        throw new ProtocolException(
                                "DONE with " + done.connections() + " connections instead of " + count);
                    }
                    CrashPoint.DONE.pass();
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
            boolean isReset = JdkSockets.remoteAddress(socket).isEmpty();
            parcel.close();
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
            if (!e.name().equals("EPIPE") && !e.name().equals("ECONNRESET")) {
                throw e;
            }
        }
    }
}
