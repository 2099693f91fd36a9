package dev.fdpass.jdk;

import dev.fdpass.UnixAddress;
import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.NativeText;
import dev.fdpass.linux.Sockaddr;
import dev.fdpass.linux.SocketConstants;
import dev.fdpass.linux.Sockets;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Addresses of sockets, as the kernel knows them now, in the types of the JDK. */
final class Addresses {
    private static final SocketAddress UNNAMED = UnixDomainSocketAddress.of("");

    private Addresses() {}

    /** Empty if it is an Internet socket that was not bound. */
    static Optional<SocketAddress> local(int number) throws IOException {
        Sockaddr address = Sockets.localAddress(number);
        KernelErrors.check("getsockname", address.result());
        return Optional.ofNullable(toJava(address));
    }

    /** Empty if it is not connected. */
    static Optional<SocketAddress> remote(int number) throws IOException {
        Sockaddr address = Sockets.peerAddress(number);
        if (Errno.ENOTCONN.is(address.result())) {
            return Optional.empty();
        }
        KernelErrors.check("getpeername", address.result());
        return Optional.ofNullable(toJava(address));
    }

    private static @Nullable SocketAddress toJava(Sockaddr address) throws UnknownHostException {
        if (address.family() == SocketConstants.AF_UNIX) {
            return unix(address.sunPath());
        }
        byte[] inet = address.inet();
        if (inet == null || address.port() == 0) {
            return null;
        }
        // An IPv4 address in IPv6's clothes becomes an Inet4Address, as it does where the JDK reads one.
        InetAddress host = InetAddress.getByAddress(inet);
        return host instanceof Inet6Address && address.scope() != 0
                ? new InetSocketAddress(Inet6Address.getByAddress(null, inet, address.scope()), address.port())
                : new InetSocketAddress(host, address.port());
    }

    private static SocketAddress unix(byte[] sunPath) {
        if (sunPath.length > 0 && sunPath[0] == 0) {
            return UnixAddress.ofAbstract(Arrays.copyOfRange(sunPath, 1, sunPath.length));
        }
        try {
            String text = NativeText.of(sunPath);
            if (Arrays.equals(NativeText.bytes(text), sunPath)) {
                return UnixDomainSocketAddress.of(text);
            }
        } catch (IllegalArgumentException e) {
            // Whoever bound the socket chose bytes that are no pathname in the encoding of this JVM.
        }
        return UNNAMED;
    }

    /** As a channel of the JDK has it: without a word for an abstract name, which becomes the unnamed address. */
    static SocketAddress asJdkHasIt(SocketAddress address) {
        return address instanceof UnixAddress ? UNNAMED : address;
    }
}
