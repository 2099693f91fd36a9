package dev.fdpass.tube;

import dev.fdpass.AsFd;
import dev.fdpass.EventFd;
import dev.fdpass.Expect;
import dev.fdpass.ListeningSocket;
import dev.fdpass.OwnedFd;
import dev.fdpass.PidFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One of the types that a component with a descriptor can have, and what a descriptor must be to become one.
 *
 * @param type the type
 * @param expected null where any descriptor will do
 * @param view makes the type of the descriptor, which stays its owner
 */
record FdKind(Class<? extends AsFd> type, @Nullable Expect expected, View view) {
    /** An object over a descriptor. */
    @FunctionalInterface
    interface View {
        AsFd of(OwnedFd fd) throws IOException;
    }

    private static final FdKind STREAM =
            new FdKind(UnixStream.class, Expect.unixStream().notListening(), UnixStream::adopt);
    private static final FdKind SEQPACKET =
            new FdKind(UnixSeqpacket.class, Expect.unixSeqpacket().notListening(), UnixSeqpacket::adopt);
    private static final FdKind DATAGRAM = new FdKind(UnixDatagram.class, Expect.unixDatagram(), UnixDatagram::adopt);

    private static final Map<Class<?>, FdKind> ALL = Stream.of(
                    new FdKind(OwnedFd.class, null, fd -> fd),
                    new FdKind(EventFd.class, Expect.eventFd(), EventFd::adopt),
                    new FdKind(SharedMemory.class, SharedMemory.expected(Seal.SHRINK), SharedMemory::adopt),
                    new FdKind(PidFd.class, Expect.pidFd(), PidFd::adopt),
                    STREAM,
                    SEQPACKET,
                    DATAGRAM,
                    new FdKind(UnixStreamListener.class, Expect.unixStream().listening(), UnixStreamListener::adopt),
                    new FdKind(
                            UnixSeqpacketListener.class,
                            Expect.unixSeqpacket().listening(),
                            UnixSeqpacketListener::adopt),
                    new FdKind(ListeningSocket.class, Expect.socket().listening(), ListeningSocket::adopt))
            .collect(Collectors.toUnmodifiableMap(FdKind::type, Function.identity()));

    static FdKind of(Class<?> type) {
        FdKind kind = ALL.get(type);
        if (kind == null) {
            throw new IllegalArgumentException(
                    type.getName() + " is no type that a descriptor can be received as; there are " + names());
        }
        return kind;
    }

    static boolean isOne(Class<?> type) {
        return ALL.containsKey(type);
    }

    static String names() {
        return ALL.keySet().stream().map(Class::getSimpleName).sorted().collect(Collectors.joining(", "))
                + " and Tube<…, …>";
    }

    /** The descriptor as this type, if it is one. It stays its owner, and open. */
    AsFd adopt(OwnedFd fd, int index) throws IOException {
        if (expected != null && !expected.isMetBy(fd)) {
            throw rejected(fd, index, expected.toString());
        }
        return view.of(fd);
    }

    /** The descriptor as a socket of its type. */
    static ScmSocket adoptSocket(OwnedFd fd, int index) throws IOException {
        for (FdKind kind : List.of(SEQPACKET, STREAM, DATAGRAM)) {
            if (kind.expected != null && kind.expected.isMetBy(fd)) {
                return (ScmSocket) kind.view.of(fd);
            }
        }
        throw rejected(fd, index, "a connected AF_UNIX socket");
    }

    private static MessageException rejected(OwnedFd fd, int index, String expected) {
        return new MessageException("descriptor " + index + " is " + fd + "; " + expected + " was expected");
    }
}
