package dev.fdpass.examples.hotrestart.jdk;

import dev.fdpass.OwnedFd;
import dev.fdpass.examples.hotrestart.http.Site;
import dev.fdpass.examples.hotrestart.service.Listeners;
import dev.fdpass.examples.hotrestart.service.Log;
import dev.fdpass.examples.hotrestart.service.Parcel;
import dev.fdpass.examples.hotrestart.service.Roster;
import dev.fdpass.examples.hotrestart.service.Service;
import dev.fdpass.jdk.JdkSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A virtual thread accepts, and one for each connection serves it. */
public final class JdkService implements Service {
    private static final Duration NO_DESCRIPTOR_PAUSE = Duration.ofMillis(10);

    private final Site site;
    private final Roster roster = new Roster(this::comeBack);
    private @Nullable Acceptor acceptor;

    private record Acceptor(ServerSocketChannel listener, Thread thread) {}

    /**
     * A service that has no connections yet.
     *
     * @param site what is served
     */
    public JdkService(Site site) {
        this.site = site;
    }

    @Override
    public synchronized void accept(OwnedFd listener) throws IOException {
        if (acceptor != null) {
            throw new IllegalStateException("it accepts already");
        }
        ServerSocketChannel channel = Listeners.channelOf(listener);
        acceptor = new Acceptor(channel, Thread.ofVirtual().name("accept").start(() -> acceptAll(channel)));
    }

    private void acceptAll(ServerSocketChannel listener) {
        while (listener.isOpen()) {
            try {
                start(new JdkConnection(listener.accept(), ByteBuffer.allocate(0), site, roster));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                Log.say("could not accept: " + e);
                pause();
            }
        }
    }

    /** Descriptors may be missing for a moment: without a pause this would be tried some million times. */
    private static void pause() {
        try {
            Thread.sleep(NO_DESCRIPTOR_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(JdkConnection connection) {
        roster.add(connection);
        Thread.ofVirtual().name("connection").start(connection);
    }

    @Override
    public synchronized void stopAccepting() throws IOException {
        if (acceptor != null) {
            acceptor.listener().close(); // one that was accepted just now is nevertheless returned
            boolean isInterrupted = false;
            while (acceptor.thread().isAlive()) {
                try {
                    acceptor.thread().join();
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
            }
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
            acceptor = null;
        }
    }

    @Override
    public Newcomer prepare(Parcel parcel) throws IOException {
        SocketChannel channel = JdkSockets.toSocketChannel(parcel.socket());
        JdkConnection connection = new JdkConnection(channel, parcel.unread(), site, roster);
        return new Newcomer() {
            @Override
            public void start() {
                JdkService.this.start(connection);
            }

            @Override
            public void close() {
                connection.close();
            }
        };
    }

    @Override
    public Optional<Parcel> release(Duration patience) throws InterruptedException {
        return roster.release(patience);
    }

    @Override
    public void keep() {
        roster.keep();
    }

    @Override
    public int connections() {
        return roster.size();
    }

    @Override
    public void close() throws IOException {
        stopAccepting();
        roster.close();
    }
}
