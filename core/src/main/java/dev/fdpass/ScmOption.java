package dev.fdpass;

import dev.fdpass.linux.Errno;
import dev.fdpass.linux.SocketConstants;
import dev.fdpass.linux.SocketOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;

/**
 * What the kernel delivers with each message besides its bytes. Options belong to the receiving socket and hold for
 * everyone who shares it; all are off at first, except {@link #SO_PASSRIGHTS}.
 *
 * <p>A message that was queued before an option was switched on may come without. Connections get the options of their
 * listener, and sockets can be bound with options, which leaves no such message; see {@link UnixListener#setOption}.
 * Man page: {@code unix(7)}.
 */
public enum ScmOption {
    /**
     * Who sent each message: {@link Received#credentials}. The kernel fills them in, or checks what the sender names. A
     * socket that has no address gets an abstract one when it connects or sends.
     */
    SO_PASSCRED(SocketConstants.SO_PASSCRED, "2.2"),
    /**
     * A descriptor for the process that sent each message: {@link Received#takePidFd}. Where more descriptors come than
     * there is room for, the kernel takes its room for them, and it does not come.
     */
    SO_PASSPIDFD(SocketConstants.SO_PASSPIDFD, "6.5"),
    /**
     * Descriptors. Switched off, whoever tries to send some is refused ({@code EPERM}); those that are queued already
     * still arrive.
     */
    SO_PASSRIGHTS(SocketConstants.SO_PASSRIGHTS, "6.16"),
    /** The sender's security label, where a security module such as SELinux gives any: {@link Received#securityLabel}. */
    SO_PASSSEC(SocketConstants.SO_PASSSEC, "2.6.18"),
    /** When each message was sent: {@link Received#timestamp}. Streams cannot have it. */
    SO_TIMESTAMPNS(SocketConstants.SO_TIMESTAMPNS, "2.6.22");

    private final int option;
    private final String since;

    ScmOption(int option, String since) {
        this.option = option;
        this.since = since;
    }

    /** {@return whether the running kernel has it} */
    public boolean isSupported() {
        try (OwnedFd probe = SocketSetup.open(SocketConstants.SOCK_DGRAM)) {
            return probe.use(number -> SocketOptions.get(number, option)) >= 0;
        } catch (IOException e) {
            throw new IllegalStateException("no socket can be made to ask the kernel for " + this, e);
        }
    }

    /** Sets it on a socket, and notes what that adds to each message. */
    void set(OwnedFd socket, boolean on) throws IOException {
        apply(socket, on);
        Errors.check("getsockopt", socket.use(socket::learnOptions));
    }

    /** Refuses a map that is not complete, before anything is made. */
    static void check(Map<ScmOption, Boolean> options) {
        options.forEach((option, on) -> {
            Objects.requireNonNull(option, "options has null for an option; name one");
            Objects.requireNonNull(on, () -> "options has null for " + option + "; say true or false");
        });
    }

    static void apply(OwnedFd socket, Map<ScmOption, Boolean> options) throws IOException {
        for (Map.Entry<ScmOption, Boolean> option : options.entrySet()) {
            option.getKey().apply(socket, option.getValue());
        }
    }

    /** Sets it on a socket or listener. */
    void apply(OwnedFd socket, boolean on) throws IOException {
        if (on && this == SO_TIMESTAMPNS && isStream(socket)) {
            throw new UnsupportedOperationException(
                    "Linux puts no timestamps on streams; use UnixSeqpacket or UnixDatagram");
        }
        check("setsockopt", socket.use(number -> SocketOptions.set(number, option, on ? 1 : 0)));
    }

    boolean get(OwnedFd socket) throws IOException {
        return check("getsockopt", socket.use(number -> SocketOptions.get(number, option))) != 0;
    }

    private long check(String call, long result) throws IOException {
        if (Errno.ENOPROTOOPT.is(result)) {
            throw new UnsupportedOperationException("this kernel has no " + this + "; it needs Linux " + since);
        }
        return Errors.check(call + "(" + this + ")", result);
    }

    private static boolean isStream(OwnedFd socket) throws IOException {
        return Errors.check(
                        "getsockopt(SO_TYPE)", socket.use(number -> SocketOptions.get(number, SocketConstants.SO_TYPE)))
                == SocketConstants.SOCK_STREAM;
    }
}
