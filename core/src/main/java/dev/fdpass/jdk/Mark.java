package dev.fdpass.jdk;

import static dev.fdpass.linux.SocketConstants.IPPROTO_TCP;
import static dev.fdpass.linux.SocketConstants.SOL_SOCKET;
import static dev.fdpass.linux.SocketConstants.SO_RCVBUF;
import static dev.fdpass.linux.SocketConstants.SO_SNDBUF;
import static dev.fdpass.linux.SocketConstants.TCP_KEEPINTVL;

import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.SocketOptions;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * An option of a channel, set through the JDK to a value that is seen through its descriptor: so the descriptor is found.
 * Which option is chosen such that its change for a moment harms nobody.
 */
final class Mark {
    /** How the kernel shows it. */
    private record Seen(int level, int option, int factor) {
        long of(int number) {
            return SocketOptions.get(number, level, option);
        }

        long set(int number, int value) {
            return SocketOptions.set(number, level, option, value);
        }
    }

    /** The kernel doubles the sizes of buffers, {@code socket(7)}. */
    private static final Seen RECEIVE_BUFFER = new Seen(SOL_SOCKET, SO_RCVBUF, 2);

    private static final Seen SEND_BUFFER = new Seen(SOL_SOCKET, SO_SNDBUF, 2);
    private static final Seen KEEPALIVE_INTERVAL = new Seen(IPPROTO_TCP, TCP_KEEPINTVL, 1);

    /** More than the kernel's least size of a buffer, and within what it allows unless an administrator says less. */
    private static final int LEAST_BUFFER = 4096;

    private static final int MOST_BUFFER = 100_000;
    /** By how many bytes at most a buffer in use is made smaller for a moment. */
    private static final int NUDGE = 1024;
    /** By how many seconds at most the interval is longer for a moment: connections that are accepted then keep it. */
    private static final int MORE_SECONDS = 64;
    /** Seconds; the most that the kernel takes, {@code MAX_TCP_KEEPINTVL} in {@code net/tcp.h}. */
    private static final int MOST_INTERVAL = 32767;

    private final NetworkChannel channel;
    private final SocketOption<Integer> option;
    private final Seen seen;
    private final int original;
    private final int least;
    private final int most;
    private int value;

    private Mark(NetworkChannel channel, SocketOption<Integer> option, Seen seen, int original, int least, int most) {
        this.channel = channel;
        this.option = option;
        this.seen = seen;
        this.original = original;
        value = original;
        this.least = least;
        this.most = most;
    }

    /** On a channel that nobody else has, and that is thrown away afterwards. */
    static Mark onPlaceholder(NetworkChannel channel) throws IOException {
        SocketOption<Integer> option = StandardSocketOptions.SO_RCVBUF;
        return new Mark(channel, option, RECEIVE_BUFFER, channel.getOption(option), LEAST_BUFFER, MOST_BUFFER);
    }

    /** On a Unix-domain socket, where the size of the receive buffer has no effect: what is sent counts as the sender's. */
    static Mark onUnix(NetworkChannel channel) throws IOException {
        return nearby(channel, StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
    }

    /** On a UDP socket, whose send buffer has up to 1 KiB less for a moment. */
    static Mark onUdp(NetworkChannel channel) throws IOException {
        return nearby(channel, StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
    }

    /** Sizes next to the one that it has: if anything keeps them from being restored, little is lost. */
    private static Mark nearby(NetworkChannel channel, SocketOption<Integer> option, Seen seen) throws IOException {
        int now = channel.getOption(option);
        int least = now - NUDGE > LEAST_BUFFER ? now - NUDGE : now + 1;
        return new Mark(channel, option, seen, now, least, least + NUDGE - 1);
    }

    /**
     * On a TCP socket, the time between keep-alive probes to a peer that has not answered the one before. (The sizes of its
     * buffers would not do: to set one turns off that it grows by itself, for good.) Null where the module {@code jdk.net},
     * which knows the option, is not in the image.
     */
    @SuppressWarnings("unchecked") // of that name is one, of type Integer
    static @Nullable Mark onTcp(NetworkChannel channel) throws IOException {
        for (SocketOption<?> option : channel.supportedOptions()) {
            if (option.name().equals("TCP_KEEPINTERVAL")) {
                SocketOption<Integer> interval = (SocketOption<Integer>) option;
                int now = channel.getOption(interval);
                int least = now + MORE_SECONDS <= MOST_INTERVAL ? now + 1 : now - MORE_SECONDS;
                return new Mark(channel, interval, KEEPALIVE_INTERVAL, now, least, least + MORE_SECONDS - 1);
            }
        }
        return null;
    }

    /** Whether another channel of the kind can be given what this one has, and so this one too. */
    boolean isRestorable(NetworkChannel another) throws IOException {
        another.setOption(option, original);
        return another.getOption(option) == original;
    }

    /** Gives the channel another value than it has. */
    void change() throws IOException {
        int next;
        do {
            next = ThreadLocalRandom.current().nextInt(least, most + 1);
        } while (next == value || next == original);
        channel.setOption(option, next);
        value = next; // if that threw, the one before is still there to be restored
    }

    /** Whether a descriptor shows the value. */
    boolean isOn(int number) {
        return seen.of(number) == (long) value * seen.factor();
    }

    void restore() throws IOException {
        channel.setOption(option, original);
    }

    /** As {@link #restore}, through a descriptor, where the channel was closed and others may have the socket. */
    void restore(int number) throws IOException {
        KernelErrors.check("setsockopt", seen.set(number, original));
    }
}
