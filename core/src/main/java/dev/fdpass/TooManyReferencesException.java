package dev.fdpass;

import dev.fdpass.linux.Errno;

/**
 * The user of this process has more descriptors on their way, sent and not yet received, than the process may have open
 * ({@code ETOOMANYREFS}, {@code RLIMIT_NOFILE}; whoever has {@code CAP_SYS_RESOURCE} or {@code CAP_SYS_ADMIN} is exempt).
 * It is not the receiver's fault, and says nothing about this socket: other processes of the same user count too. Nothing
 * was sent, and the descriptors are still the caller's; send again when receivers have taken some. Man page:
 * {@code unix(7)}, Linux 4.5.
 */
public final class TooManyReferencesException extends ErrnoException {
    private static final long serialVersionUID = 1L;

    TooManyReferencesException(String call) {
        super(call, Errno.ETOOMANYREFS.number());
    }
}
