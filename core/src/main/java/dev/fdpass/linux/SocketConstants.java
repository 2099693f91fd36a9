package dev.fdpass.linux;

/** Names and values of {@code socket.h} and {@code un.h}; the same on x86-64 and aarch64. */
public final class SocketConstants {
    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;

    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_SEQPACKET = 5;
    public static final int SOCK_CLOEXEC = 0x80000;

    public static final int SOL_SOCKET = 1;
    public static final int SO_REUSEADDR = 2;
    public static final int SO_TYPE = 3;
    public static final int SO_SNDBUF = 7;
    public static final int SO_RCVBUF = 8;
    public static final int SO_PASSCRED = 16;
    public static final int SO_PEERCRED = 17;
    public static final int SO_SNDTIMEO = 21;
    public static final int SO_TIMESTAMP = 29;
    public static final int SO_ACCEPTCONN = 30;
    public static final int SO_PEERSEC = 31;
    public static final int SO_PASSSEC = 34;
    public static final int SO_TIMESTAMPNS = 35;
    public static final int SO_TIMESTAMPING = 37;
    public static final int SO_PROTOCOL = 38;
    public static final int SO_DOMAIN = 39;
    public static final int SO_PEERGROUPS = 59;
    public static final int SO_TIMESTAMP_NEW = 63;
    public static final int SO_TIMESTAMPNS_NEW = 64;
    public static final int SO_TIMESTAMPING_NEW = 65;
    /** Linux 6.5; older headers lack it. */
    public static final int SO_PASSPIDFD = 76;
    /** Linux 6.5; older headers lack it. */
    public static final int SO_PEERPIDFD = 77;
    /** Linux 6.16; older headers lack it. */
    public static final int SO_PASSRIGHTS = 83;

    public static final int SCM_RIGHTS = 1;
    public static final int SCM_CREDENTIALS = 2;
    public static final int SCM_SECURITY = 3;
    /** Linux 6.5; older headers lack it. */
    public static final int SCM_PIDFD = 4;
    /** Linux 6.17; older headers lack it. */
    public static final int SCM_INQ = 84;

    public static final int MSG_PEEK = 0x2;
    public static final int MSG_CTRUNC = 0x8;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_CMSG_CLOEXEC = 0x40000000;

    public static final int TCP_KEEPINTVL = 5;

    public static final int IPPROTO_ICMP = 1;
    public static final int IPPROTO_TCP = 6;
    public static final int IPPROTO_UDP = 17;
    public static final int IPPROTO_ICMPV6 = 58;
    public static final int IPPROTO_UDPLITE = 136;
    /** Linux 5.6; TCP over several paths, which programs use as TCP. */
    public static final int IPPROTO_MPTCP = 262;

    public static final int SHUT_RD = 0;
    public static final int SHUT_WR = 1;

    public static final int POLLIN = 0x1;
    public static final int POLLOUT = 0x4;
    public static final int POLLERR = 0x8;
    public static final int POLLHUP = 0x10;
    public static final int POLLRDHUP = 0x2000;

    /** Most descriptors in one message ({@code SCM_MAX_FD} in the kernel's {@code net/scm.h}). */
    public static final int SCM_MAX_FD = 253;
    /** Most buffers in one message ({@code UIO_MAXIOV}). */
    public static final int IOV_MAX = 1024;

    private SocketConstants() {}
}
