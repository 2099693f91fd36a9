/**
 * Unix-domain sockets that carry open file descriptors, and the types that own those descriptors.
 *
 * <p>Start with {@link dev.fdpass.UnixStream}, {@link dev.fdpass.UnixSeqpacket} or {@link dev.fdpass.UnixDatagram} to
 * get a socket, {@link dev.fdpass.OwnedFd} for a descriptor, and {@link dev.fdpass.ScmMessage} where allocation counts.
 * Man pages: {@code unix(7)}, {@code cmsg(3)}, {@code sendmsg(2)}, {@code recvmsg(2)}.
 */
@NullMarked
package dev.fdpass;

import org.jspecify.annotations.NullMarked;
