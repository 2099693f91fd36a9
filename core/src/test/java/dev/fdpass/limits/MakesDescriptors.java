package dev.fdpass.limits;

import dev.fdpass.ErrnoException;
import dev.fdpass.EventFd;
import dev.fdpass.FdPipe;
import dev.fdpass.ListeningSocket;
import dev.fdpass.OwnedFd;
import dev.fdpass.PidFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.memory.SharedMemory;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/** A program that makes descriptors in every way there is, where it may have no more, and again where it may. */
final class MakesDescriptors {
    private MakesDescriptors() {}

    /** Makes something that has to be closed. */
    interface Maker {
        Closeable make() throws IOException;
    }

    public static void main(String... arguments) throws Exception {
        Facts.of(() -> {
            attempt("open", 1, () -> OwnedFd.open(Path.of("/dev/null")));
            attempt("duplicateOf", 1, () -> OwnedFd.duplicateOf(0));
            try (OwnedFd fd = OwnedFd.open(Path.of("/dev/null"))) {
                attempt("duplicate", 1, fd::duplicate);
            }
            attempt("eventfd", 1, EventFd::create);
            attempt("memfd", 1, () -> SharedMemory.create("memory", 4096));
            attempt("pidfd", 1, () -> PidFd.open(ProcessHandle.current().pid()));
            try (SocketPair<UnixStream> pair = UnixStream.pair()) {
                attempt("pidfd of a peer", 1, () -> pair.first().peer().pidFd());
            }
            attempt("pipe pair", 2, FdPipe::open);
            attempt("stream pair", 2, UnixStream::pair);
            attempt("seqpacket pair", 2, UnixSeqpacket::pair);
            attempt("datagram pair", 2, UnixDatagram::pair);
            attempt("datagram socket", 1, UnixDatagram::open);
            attempt("bound datagram socket", 1, () -> UnixDatagram.bind(UnixAddress.unnamed()));
            attempt("listener", 1, () -> UnixStreamListener.bind(UnixAddress.unnamed()));
            connectAndAccept();
        });
    }

    private static void connectAndAccept() throws IOException {
        try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                ListeningSocket view = ListeningSocket.adopt(listener.asFd().duplicate())) {
            // A wait takes one more number, once, for what wakes it.
            timeOut(() -> listener.accept(Duration.ofMillis(1)));
            timeOut(() -> view.accept(Duration.ofMillis(1)));

            UnixAddress address = listener.localAddress();
            attempt("connect", 1, () -> UnixStream.connect(address));
            listener.accept().close();
            // One connection is enough: it stays in the queue until there is a number for it.
            try (UnixStream client = UnixStream.connect(address)) {
                attempt("accept", 1, listener::accept);
                checkEnd(client);
            }
            try (UnixStream client = UnixStream.connect(address)) {
                attempt("tryAccept", 1, () -> listener.tryAccept().orElseThrow());
                checkEnd(client);
            }
            try (UnixStream client = UnixStream.connect(address)) {
                attempt("accept of any family", 1, view::accept);
                checkEnd(client);
            }
        }
    }

    private static void timeOut(Maker maker) throws IOException {
        try (Closeable made = maker.make()) {
            throw new AssertionError("made " + made);
        } catch (SocketTimeoutException e) {
            // as it should
        }
    }

    /** It was this connection that was accepted, and closed. */
    private static void checkEnd(UnixStream client) throws IOException {
        if (client.read(ByteBuffer.allocate(1)) != -1) {
            throw new AssertionError("the connection was not accepted and closed");
        }
    }

    /** Tries with too few numbers, and then with just enough. */
    private static void attempt(String name, int needed, Maker maker) throws IOException {
        try (Fillers fillers = new Fillers(needed - 1)) {
            String refusal;
            try (Closeable made = maker.make()) {
                refusal = "made " + made;
            } catch (ErrnoException e) {
                refusal = e.getMessage();
            }
            int free = fillers.countFree();
            fillers.release(1);
            Closeable made = maker.make();
            try {
                Facts.say("%s: %s, %d free; then %d free".formatted(name, refusal, free, fillers.countFree()));
            } finally {
                made.close();
            }
            if (fillers.countFree() != needed) {
                throw new AssertionError(name + " leaves " + fillers.countFree() + " free instead of " + needed);
            }
        }
    }
}
