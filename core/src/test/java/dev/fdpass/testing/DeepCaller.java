package dev.fdpass.testing;

import com.sun.management.ThreadMXBean;
import dev.fdpass.EventFd;
import dev.fdpass.Interest;
import dev.fdpass.Poller;
import dev.fdpass.Registration;
import dev.fdpass.ScmMessage;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * A program that sends, awaits and receives below some methods of its own, until it allocates nothing any more for a while; says so,
 * or ends with status 1 if that does not come.
 */
public final class DeepCaller {
    private static final int TURNS = 1_000;
    private static final int STEADY = 20;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final Duration TIMEOUT = Duration.ofNanos(1);

    private final SocketPair<UnixStream> pair = UnixStream.pair();
    private final EventFd event = EventFd.create();
    private final Poller<UnixStream> poller = Poller.open();
    private final Registration<UnixStream> registration = poller.register(pair.second(), Interest.READ, pair.second());
    private final ScmMessage out = ScmMessage.allocate(64);
    private final ScmMessage in = ScmMessage.allocate(64);

    private DeepCaller() throws IOException {
        out.payload().putLong(42);
        out.addFd(event);
    }

    public static void main(String... arguments) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        DeepCaller caller = new DeepCaller();
        long begin = System.nanoTime();
        long bytes = 0;
        int exact = 0;
        while (exact < STEADY) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < TURNS; i++) {
                caller.one();
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
            exact = bytes == 0 ? exact + 1 : 0;
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                System.err.println(bytes + " bytes by " + TURNS + " turns");
                System.exit(1);
            }
        }
        System.out.println("allocates nothing");
    }

    private void one() throws IOException {
        two();
    }

    private void two() throws IOException {
        three();
    }

    private void three() throws IOException {
        four();
    }

    private void four() throws IOException {
        five();
    }

    private void five() throws IOException {
        pair.first().send(out);
        registration.setInterest(Interest.READ);
        boolean isReady = poller.await(TIMEOUT) == 1;
        registration.setInterest(Interest.NONE);
        if (!isReady || poller.await(TIMEOUT) != 0 || !pair.second().receive(in) || in.fdCount() != 1) {
            throw new IOException("it does not do what it is measured for");
        }
    }
}
