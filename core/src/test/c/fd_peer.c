/*
 * The other end of the tests: receives n descriptors, checks each, and answers with n of its own.
 *
 *     fd_peer stream|seqpacket|datagram ADDRESS [OWN-ADDRESS]
 *
 * A message is the number n as text, with n descriptors; descriptor i reads "sent i of n". The answer is the same, with
 * "answered i of n". "0" ends it. The exit status is 0 if all was well; otherwise the reason is on standard error.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_FDS 253

static void fail(const char *what) {
    fprintf(stderr, "fd_peer: %s (%s)\n", what, strerror(errno));
    exit(1);
}

static socklen_t address(struct sockaddr_un *to, const char *path) {
    memset(to, 0, sizeof *to);
    to->sun_family = AF_UNIX;
    strncpy(to->sun_path, path, sizeof to->sun_path - 1);
    return sizeof *to;
}

static void check(int fd, int i, int n) {
    char expected[64], content[64] = {0};
    snprintf(expected, sizeof expected, "sent %d of %d", i, n);
    if (pread(fd, content, sizeof content - 1, 0) < 0) fail("pread");
    if (strcmp(content, expected) != 0) {
        fprintf(stderr, "fd_peer: descriptor %d of %d reads \"%s\"\n", i, n, content);
        exit(1);
    }
    if (fcntl(fd, F_GETFD) != FD_CLOEXEC) fail("a descriptor is not close-on-exec");
    struct stat stat;
    if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) fail("a descriptor is no regular file");
    if (close(fd) != 0) fail("close");
}

static int receive(int socket) {
    char text[16] = {0};
    union {
        char bytes[CMSG_SPACE(MAX_FDS * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec iov = {text, sizeof text - 1};
    struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (length <= 0) fail("recvmsg");
    if (message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) fail("the message is truncated");
    int n = atoi(text), count = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) fail("an unexpected control message");
        int here = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (int i = 0; i < here; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
            check(fd, count++, n);
        }
    }
    if (count != n) {
        fprintf(stderr, "fd_peer: %d descriptors came instead of %d\n", count, n);
        exit(1);
    }
    return n;
}

static void answer(int socket, int n) {
    char text[64];
    union {
        char bytes[CMSG_SPACE(MAX_FDS * sizeof(int))];
        struct cmsghdr align;
    } control;
    int fds[MAX_FDS];
    for (int i = 0; i < n; i++) {
        fds[i] = memfd_create("answer", MFD_CLOEXEC);
        int length = snprintf(text, sizeof text, "answered %d of %d", i, n);
        if (fds[i] < 0 || write(fds[i], text, length) != length) fail("memfd");
    }
    struct iovec iov = {text, snprintf(text, sizeof text, "%d", n)};
    struct msghdr message = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(n * sizeof(int))};
    memset(&control, 0, sizeof control);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(n * sizeof(int));
    memcpy(CMSG_DATA(header), fds, n * sizeof(int));
    if (sendmsg(socket, &message, MSG_NOSIGNAL) != (ssize_t) iov.iov_len) fail("sendmsg");
    for (int i = 0; i < n; i++) close(fds[i]);
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: fd_peer stream|seqpacket|datagram ADDRESS [OWN-ADDRESS]\n");
        return 2;
    }
    int type = strcmp(argv[1], "stream") == 0 ? SOCK_STREAM : strcmp(argv[1], "seqpacket") == 0 ? SOCK_SEQPACKET : SOCK_DGRAM;
    int peer = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    struct sockaddr_un name;
    if (argc > 3 && bind(peer, (struct sockaddr *) &name, address(&name, argv[3])) != 0) fail("bind");
    if (connect(peer, (struct sockaddr *) &name, address(&name, argv[2])) != 0) fail("connect");
    if (send(peer, "ready", 5, 0) != 5) fail("send");
    int n;
    while ((n = receive(peer)) != 0) answer(peer, n);
    return 0;
}
