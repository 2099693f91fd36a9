package dev.fdpass.jdk;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Duplicates of the descriptors of channels that others use. */
final class SocketDuplicate {
    private SocketDuplicate() {}

    /**
     * By the surest way that there is.
     *
     * @param wanted the kind of socket
     * @param remote what the channel is connected to; null if nothing
     */
    static OwnedFd of(NetworkChannel channel, Predicate<SocketFacts> wanted, @Nullable SocketAddress remote)
            throws IOException {
        OfTheJdk.check(channel);
        SocketAddress local = channel.getLocalAddress(); // throws if it is closed
        int number = Grafted.numberOf(channel);
        if (number == Numbers.NONE && SocketInternals.opened().isPresent()) {
            number = SocketInternals.opened().get().number(channel);
        }
        if (number != Numbers.NONE) {
            return ofNumber(number, channel, wanted);
        }
        OwnedFd found = search(channel, wanted, local, remote);
        if (found == null) {
            throw new IOException("the descriptor of " + channel + " could not be told from others"
                    + Advice.startWith(SocketInternals.PACKAGE));
        }
        return found;
    }

    private static OwnedFd ofNumber(int number, NetworkChannel channel, Predicate<SocketFacts> wanted)
            throws IOException {
        OwnedFd duplicate = Duplicates.ofNumber(number, channel::isOpen);
        try {
            if (!wanted.test(SocketFacts.of(duplicate.number()))) {
                throw new IOException(duplicate + " is not what " + channel + " is for; something else in this process"
                        + " changes descriptors that are not its own");
            }
            return duplicate;
        } catch (Throwable t) {
            try (duplicate) {
                throw t;
            }
        }
    }

    private static @Nullable OwnedFd search(
            NetworkChannel channel,
            Predicate<SocketFacts> wanted,
            @Nullable SocketAddress local,
            @Nullable SocketAddress remote)
            throws IOException {
        if (channel instanceof DatagramChannel) {
            return marked(Mark::onUdp, channel);
        }
        if (isUnix(local)) {
            return marked(Mark::onUnix, channel);
        }
        List<OwnedFd> sameAddress = withAddresses(wanted, local, remote);
        try {
            if (channel.isOpen() && Duplicates.areOneOpenFile(sameAddress)) {
                return sameAddress.removeFirst();
            }
        } finally {
            Duplicates.closeAll(sameAddress);
        }
        return marked(Mark::onTcp, channel);
    }

    private static boolean isUnix(@Nullable SocketAddress local) {
        return local instanceof UnixDomainSocketAddress;
    }

    private static @Nullable OwnedFd marked(MarkSearch.Marking marking, NetworkChannel channel) throws IOException {
        try (NetworkChannel another = another(channel)) {
            return MarkSearch.duplicate(marking, channel, another);
        }
    }

    /** A new one of the kind. */
    private static NetworkChannel another(NetworkChannel channel) throws IOException {
        boolean isUnix = isUnix(channel.getLocalAddress());
        return switch (channel) {
            case DatagramChannel unused -> DatagramChannel.open();
            case ServerSocketChannel unused ->
                isUnix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
            default -> isUnix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        };
    }

    /** Duplicates of all sockets of the kind that have the addresses: the channel's is among them. */
    private static List<OwnedFd> withAddresses(
            Predicate<SocketFacts> wanted, @Nullable SocketAddress local, @Nullable SocketAddress remote)
            throws IOException {
        List<OwnedFd> found = new ArrayList<>();
        try {
            for (int number : Numbers.open()) {
                if (hasAddresses(number, wanted, local, remote)) {
                    OwnedFd duplicate = Duplicates.ifOpen(number);
                    if (duplicate != null) {
                        found.add(duplicate);
                        if (!hasAddresses(duplicate.number(), wanted, local, remote)) {
                            Duplicates.closeQuietly(found.removeLast());
                        }
                    }
                }
            }
            return found;
        } catch (Throwable t) {
            Duplicates.closeAll(found);
            throw t;
        }
    }

    private static boolean hasAddresses(
            int number, Predicate<SocketFacts> wanted, @Nullable SocketAddress local, @Nullable SocketAddress remote)
            throws IOException {
        try {
            return wanted.test(SocketFacts.of(number))
                    && isSame(Addresses.local(number), local)
                    && (remote == null || isSame(Addresses.remote(number), remote));
        } catch (ErrnoException e) {
            return false; // closed, or another file's, meanwhile
        }
    }

    private static boolean isSame(Optional<SocketAddress> actual, @Nullable SocketAddress expected) {
        return actual.isPresent() && actual.get() instanceof InetSocketAddress internet && internet.equals(expected);
    }
}
