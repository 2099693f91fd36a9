package dev.fdpass.testing;

import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixSeqpacket;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program whose virtual threads wait when no descriptor is to be had any more; prints what came of it. */
public final class WaitsWithoutDescriptors {
    private WaitsWithoutDescriptors() {}

    public static void main(String... arguments) throws Exception {
        timeout(); // to load a class takes a descriptor too
        waitTwice(sockets());
        awaitEndOfParking();

        List<SocketPair<UnixSeqpacket>> sockets = sockets();
        List<OwnedFd> taken = new ArrayList<>();
        LibcCalls.limitOpenFiles(200);
        OwnedFd first = OwnedFd.open(Path.of("/dev/null"));
        try {
            while (true) {
                taken.add(first.duplicate());
            }
        } catch (IOException e) {
            System.out.println("no more: " + e.getMessage());
        }
        String result = waitTwice(sockets);
        for (OwnedFd fd : taken) {
            fd.close();
        }
        first.close();
        System.out.println("without descriptors: " + result);
        System.out.println("with descriptors: " + waitTwice(sockets()));
    }

    /** Until the epoll instance is closed. */
    private static void awaitEndOfParking() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (hasEpollInstance()) {
            if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(60)) {
                throw new AssertionError("the epoll instance is still open");
            }
            Thread.sleep(10);
        }
    }

    private static boolean hasEpollInstance() throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.anyMatch(link -> {
                try {
                    return Files.readSymbolicLink(link).toString().contains("eventpoll");
                } catch (IOException e) {
                    return false; // the descriptor that lists them
                }
            });
        }
    }

    private static void timeout() throws IOException {
        try (SocketPair<UnixSeqpacket> pair = UnixSeqpacket.pair()) {
            pair.first().setReceiveTimeout(Duration.ofMillis(10));
            pair.first().receive(1, 0).close();
        } catch (SocketTimeoutException e) {
            System.out.println("as expected: " + e.getMessage());
        }
    }

    private static List<SocketPair<UnixSeqpacket>> sockets() {
        try {
            return List.of(UnixSeqpacket.pair(), UnixSeqpacket.pair());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** One waits until a message comes, another until its socket is closed. */
    private static String waitTwice(List<SocketPair<UnixSeqpacket>> sockets) {
        try {
            FutureTask<Object> receiving = receiving(sockets.get(0).second());
            FutureTask<Object> closing = receiving(sockets.get(1).second());
            Thread.sleep(300);
            UnixSeqpacket sender = sockets.get(0).first();
            // With one carrier, this runs only if those who wait do not hold it.
            Thread.startVirtualThread(new FutureTask<>(() -> sender.send(ByteBuffer.allocate(7))));
            Object received = receiving.get(60, TimeUnit.SECONDS);
            sockets.get(1).second().close();
            Object closed = closing.get(60, TimeUnit.SECONDS);
            for (SocketPair<UnixSeqpacket> pair : sockets) {
                pair.close();
            }
            return received + " bytes, " + closed;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static FutureTask<Object> receiving(UnixSeqpacket socket) {
        FutureTask<Object> task = new FutureTask<>(() -> {
            try (Received received = socket.receive(8, 0)) {
                return received.bytes();
            } catch (ClosedChannelException e) {
                return "closed";
            }
        });
        Thread.startVirtualThread(task);
        return task;
    }
}
