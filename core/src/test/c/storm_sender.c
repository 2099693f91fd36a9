/*
 * One of many senders: sends messages with descriptors that say which they are, until it has sent enough or is killed.
 *
 *     storm_sender seqpacket|datagram ADDRESS NUMBER MESSAGES LEDGER
 *
 * ADDRESS is an abstract name. Message s of sender NUMBER is "NUMBER s COUNT" with 1 to 5 descriptors, of which the i-th is a
 * memfd named "storm-NUMBER-s-i". MESSAGES 0 means without end. In the file LEDGER, long NUMBER is the number of messages
 * whose send has returned: it outlives this process.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_FDS 5

static void fail(const char *what) {
    fprintf(stderr, "storm_sender: %s (%s)\n", what, strerror(errno));
    exit(1);
}

static void send_message(int socket, int number, long sequence) {
    char text[64], name[64];
    int count = 1 + (number + sequence) % MAX_FDS, fds[MAX_FDS];
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "storm-%d-%ld-%d", number, sequence, i);
        if ((fds[i] = memfd_create(name, MFD_CLOEXEC)) < 0) fail("memfd_create");
    }
    union {
        char bytes[CMSG_SPACE(MAX_FDS * sizeof(int))];
        struct cmsghdr align;
    } control;
    memset(&control, 0, sizeof control);
    struct iovec iov = {text, snprintf(text, sizeof text, "%d %ld %d", number, sequence, count)};
    struct msghdr message = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(count * sizeof(int))};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), fds, count * sizeof(int));
    while (sendmsg(socket, &message, MSG_NOSIGNAL) < 0) {
        /* Only so many may be on their way for an ordinary user; the receiver makes room. */
        if (errno != ETOOMANYREFS && errno != EINTR) fail("sendmsg");
        usleep(1000);
    }
    for (int i = 0; i < count; i++) close(fds[i]);
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fprintf(stderr, "usage: storm_sender seqpacket|datagram ADDRESS NUMBER MESSAGES LEDGER\n");
        return 2;
    }
    int number = atoi(argv[3]);
    long messages = atol(argv[4]);
    int file = open(argv[5], O_RDWR | O_CLOEXEC);
    struct stat stat;
    if (file < 0 || fstat(file, &stat) != 0) fail(argv[5]);
    volatile long *ledger = mmap(NULL, stat.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (ledger == MAP_FAILED) fail("mmap");

    int type = strcmp(argv[1], "seqpacket") == 0 ? SOCK_SEQPACKET : SOCK_DGRAM;
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t length = strlen(argv[2]);
    if (length + 1 > sizeof to.sun_path) fail("the address is too long");
    memcpy(to.sun_path + 1, argv[2], length);
    int peer = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (connect(peer, (struct sockaddr *) &to, offsetof(struct sockaddr_un, sun_path) + 1 + length) != 0) fail("connect");
    for (long sequence = 0; messages == 0 || sequence < messages; sequence++) {
        send_message(peer, number, sequence);
        ledger[number] = sequence + 1;
    }
    return 0;
}
