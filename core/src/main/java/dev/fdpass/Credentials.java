package dev.fdpass;

/**
 * Who is at the other end of a connected socket, as the kernel noted when the connection (or pair) was made:
 * {@code SO_PEERCRED}. It proves who <em>created</em> that end, or called {@code listen} on it; the peer may have
 * passed the socket on since, and the process number may have been reused. Man page: {@code unix(7)}.
 *
 * @param pid process number; 0 if the process is not visible in this pid namespace
 * @param uid effective user, as seen from this user namespace; an unsigned 32-bit number
 * @param gid effective group, likewise
 */
public record Credentials(int pid, long uid, long gid) {}
