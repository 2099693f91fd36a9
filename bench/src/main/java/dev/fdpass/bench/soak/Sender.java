package dev.fdpass.bench.soak;

import dev.fdpass.AsFd;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.TooManyReferencesException;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Sends random messages by both doors, in every way: waiting, with a timeout, and trying. */
final class Sender implements Closeable {
    private static final AsFd[] NONE = {};
    private static final Duration TIMEOUT = Duration.ofMillis(1);
    private static final long BACK_OFF_NANOS = 200_000;

    private final ScmSocket socket;
    private final NamedFiles files;
    private final SplittableRandom random;
    private final Ledger ledger;
    private final ScmMessage message = ScmMessage.allocate(Header.MAX_BYTES, ScmMessage.SCM_MAX_FDS);
    private final ByteBuffer heap = ByteBuffer.allocate(Header.MAX_BYTES);
    private final ByteBuffer direct = ByteBuffer.allocateDirect(Header.MAX_BYTES);
    private long sequence;

    Sender(ScmSocket socket, NamedFiles files, SplittableRandom random, Ledger ledger) {
        this.socket = socket;
        this.files = files;
        this.random = random;
        this.ledger = ledger;
    }

    /** Sends a random message. */
    void send() throws IOException {
        if (random.nextInt(100) == 0) {
            files.replace(random.nextInt(NamedFiles.COUNT));
        }
        int fds = Sizes.fds(random);
        int first = random.nextInt(NamedFiles.COUNT);
        send(new Header(Header.CONTENT, fds, sequence, first, Sizes.payloadBytes(random)), fds);
    }

    /** Tells the receiver that this was all. */
    void sendLast() throws IOException {
        send(new Header(Header.LAST, 0, sequence, 0, 0), 0);
    }

    /** Sends a message with so many descriptors, whatever the header says. */
    void send(Header header, int fds) throws IOException {
        sequence++;
        ledger.begins(fds);
        if (random.nextBoolean()) {
            sendReusable(header, fds);
        } else {
            sendConvenient(header, fds);
        }
        ledger.hasSent(fds);
    }

    private void sendReusable(Header header, int fds) throws IOException {
        message.clear();
        header.writeMessage(message.payload());
        for (int i = 0; i < fds; i++) {
            message.addFd(files.get(header.firstFile() + i));
        }
        boolean trying = chooseTrying();
        boolean sent = false;
        while (!sent) {
            try {
                if (trying) {
                    sent = socket.trySend(message);
                    waitAfter(sent);
                } else {
                    socket.send(message);
                    sent = true;
                }
            } catch (SocketTimeoutException e) {
                ledger.timedOut();
            } catch (TooManyReferencesException e) {
                backOff();
            }
        }
    }

    private void sendConvenient(Header header, int fds) throws IOException {
        ByteBuffer buffer = random.nextBoolean() ? heap : direct;
        header.writeMessage(buffer.clear());
        buffer.flip();
        AsFd[] left = fds == 0 ? NONE : files.get(header.firstFile(), fds);
        boolean trying = chooseTrying();
        while (buffer.hasRemaining()) {
            int before = buffer.position();
            try {
                if (trying) {
                    OptionalInt sent = socket.trySend(buffer, left);
                    waitAfter(sent.isPresent());
                } else {
                    socket.send(buffer, left);
                }
            } catch (SocketTimeoutException e) {
                ledger.timedOut();
                if (e.bytesTransferred != buffer.position() - before) {
                    throw new DiscrepancyException("a send that timed out says that " + e.bytesTransferred
                            + " bytes went, and the buffer says " + (buffer.position() - before));
                }
            } catch (TooManyReferencesException e) {
                backOff();
            }
            if (buffer.position() > before) {
                left = NONE; // they went with the first byte
            }
        }
    }

    private boolean chooseTrying() {
        int way = random.nextInt(3);
        socket.setSendTimeout(way == 1 ? TIMEOUT : Duration.ZERO);
        return way == 2;
    }

    private void waitAfter(boolean sent) {
        if (!sent) {
            ledger.wouldHaveBlocked();
            LockSupport.parkNanos(BACK_OFF_NANOS);
        }
    }

    /** An ordinary user may only have so many descriptors on their way; the receiver makes room in time. */
    private void backOff() {
        ledger.hadTooManyInFlight();
        LockSupport.parkNanos(BACK_OFF_NANOS);
    }

    @Override
    public void close() {
        message.close();
    }
}
