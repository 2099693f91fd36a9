/*
 * The floor: descriptors passed by C, within the process that measures. "plain" is the ordinary loop that a C programmer
 * writes; "tricks" is C with every trick that this library could use.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FDS 253
#define MOST_BUFFERS 1024
#define MOST_MESSAGES 32
#define MOST_BYTES (1 << 20)
#define WRONG 100000 /* what came is not what was sent; else errors are errno */

struct message {
    struct msghdr header;
    struct iovec *buffers;
    char *bytes;
    union {
        char room[CMSG_SPACE(sizeof(int) * MOST_FDS)];
        struct cmsghdr align;
    } control;
};

struct lane {
    int near, far, bytes, buffers, fds, messages;
    struct message out, in, back, back_in;
    struct mmsghdr out_batch[MOST_MESSAGES], in_batch[MOST_MESSAGES];
    struct message in_messages[MOST_MESSAGES];
};

static int prepare(struct message *m, const struct lane *lane) {
    m->bytes = calloc(1, lane->bytes);
    m->buffers = calloc(lane->buffers, sizeof *m->buffers);
    if (!m->bytes || !m->buffers)
        return ENOMEM;
    m->header.msg_iov = m->buffers;
    m->header.msg_iovlen = lane->buffers;
    for (int i = 0; i < lane->buffers; i++) {
        m->buffers[i].iov_len = lane->bytes / lane->buffers;
        m->buffers[i].iov_base = m->bytes + i * m->buffers[i].iov_len;
    }
    if (lane->fds) {
        m->header.msg_control = m->control.room;
        m->header.msg_controllen = CMSG_SPACE(sizeof(int) * lane->fds);
    }
    return 0;
}

static int prepare_sent(struct message *m, const struct lane *lane, const int *numbers) {
    if (prepare(m, lane))
        return ENOMEM;
    if (lane->fds) {
        struct cmsghdr *c = CMSG_FIRSTHDR(&m->header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * lane->fds);
        memcpy(CMSG_DATA(c), numbers, sizeof(int) * lane->fds);
    }
    return 0;
}

static void release(struct message *m) {
    free(m->bytes);
    free(m->buffers);
}

/* Whoever waits at either end wakes. */
void lane_stop(struct lane *lane) {
    shutdown(lane->near, SHUT_RDWR);
}

void lane_close(struct lane *lane) {
    close(lane->near);
    close(lane->far);
    release(&lane->out);
    release(&lane->back);
    release(&lane->in);
    release(&lane->back_in);
    for (int i = 0; i < MOST_MESSAGES; i++)
        release(&lane->in_messages[i]);
    free(lane);
}

struct lane *lane_open(int type, int bytes, int buffers, int fds, int messages, const int *numbers) {
    if (bytes > MOST_BYTES || buffers > MOST_BUFFERS || fds > MOST_FDS || messages > MOST_MESSAGES)
        return NULL;
    int pair[2];
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair))
        return NULL;
    struct lane *lane = calloc(1, sizeof *lane);
    if (!lane) {
        close(pair[0]);
        close(pair[1]);
        return NULL;
    }
    lane->near = pair[0];
    lane->far = pair[1];
    lane->bytes = bytes;
    lane->buffers = buffers;
    lane->fds = fds;
    lane->messages = messages;
    int failed = prepare_sent(&lane->out, lane, numbers) || prepare_sent(&lane->back, lane, numbers)
        || prepare(&lane->in, lane) || prepare(&lane->back_in, lane);
    for (int i = 0; i < messages && messages > 1 && !failed; i++) {
        failed = prepare(&lane->in_messages[i], lane);
        lane->in_batch[i].msg_hdr = lane->in_messages[i].header;
        lane->out_batch[i].msg_hdr = lane->out.header;
    }
    if (failed) {
        lane_close(lane);
        return NULL;
    }
    return lane;
}

/* ---- plain */

static int send_one(int socket, struct message *m, const struct lane *lane) {
    ssize_t sent;
    do
        sent = sendmsg(socket, &m->header, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? errno : sent != lane->bytes ? WRONG : 0;
}

static int close_each(struct msghdr *header) {
    int fds = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        int count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (int i = 0; i < count; i++) {
            int number;
            memcpy(&number, CMSG_DATA(c) + i * sizeof(int), sizeof number);
            close(number);
        }
        fds += count;
    }
    return fds;
}

static int receive_one(int socket, struct message *m, const struct lane *lane) {
    ssize_t received;
    if (lane->fds)
        m->header.msg_controllen = CMSG_SPACE(sizeof(int) * lane->fds);
    do
        received = recvmsg(socket, &m->header, MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    if (received < 0)
        return errno;
    int fds = close_each(&m->header);
    return received != lane->bytes || fds != lane->fds || (m->header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) ? WRONG : 0;
}

/* ---- with tricks */

static int close_run(int first, int last) {
    return first == last ? syscall(SYS_close, first) : syscall(SYS_close_range, first, last, 0);
}

static int close_all(struct msghdr *header) {
    int fds = 0, first = -1, last = -1;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        int count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (int i = 0; i < count; i++) {
            int number;
            memcpy(&number, CMSG_DATA(c) + i * sizeof(int), sizeof number);
            if (first < 0)
                first = number;
            else if (number != last + 1) {
                close_run(first, last);
                first = number;
            }
            last = number;
        }
        fds += count;
    }
    if (first >= 0)
        close_run(first, last);
    return fds;
}

static int send_fast(int socket, struct message *m, const struct lane *lane) {
    long sent;
    do
        sent = lane->fds || lane->buffers > 1
            ? syscall(SYS_sendmsg, socket, &m->header, MSG_NOSIGNAL)
            : syscall(SYS_sendto, socket, m->bytes, (long) lane->bytes, MSG_NOSIGNAL, NULL, 0);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? errno : sent != lane->bytes ? WRONG : 0;
}

static int receive_fast(int socket, struct message *m, const struct lane *lane) {
    long received;
    int plain = !lane->fds && lane->buffers == 1, fds = 0;
    m->header.msg_controllen = lane->fds ? CMSG_SPACE(sizeof(int) * lane->fds) : 0;
    do
        received = plain
            ? syscall(SYS_recvfrom, socket, m->bytes, (long) lane->bytes, 0, NULL, NULL)
            : syscall(SYS_recvmsg, socket, &m->header, MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    if (received < 0)
        return errno;
    if (!plain) {
        fds = close_all(&m->header);
        if (m->header.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
            return WRONG;
    }
    return received != lane->bytes || fds != lane->fds ? WRONG : 0;
}

static int pass_batch(struct lane *lane) {
    int done = 0;
    while (done < lane->messages) {
        long n = syscall(SYS_sendmmsg, lane->near, lane->out_batch + done, lane->messages - done, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            done += n;
    }
    for (int i = 0; i < lane->messages; i++)
        lane->in_batch[i].msg_hdr.msg_controllen = CMSG_SPACE(sizeof(int) * lane->fds);
    done = 0;
    while (done < lane->messages) {
        long n = syscall(SYS_recvmmsg, lane->far, lane->in_batch + done, lane->messages - done, MSG_CMSG_CLOEXEC, NULL);
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            done += n;
    }
    /* The numbers of a batch mostly follow one another, also from message to message. */
    int first = -1, last = -1;
    for (int i = 0; i < lane->messages; i++) {
        struct msghdr *header = &lane->in_batch[i].msg_hdr;
        struct cmsghdr *c = CMSG_FIRSTHDR(header);
        if ((int) lane->in_batch[i].msg_len != lane->bytes || !c || c->cmsg_len != CMSG_LEN(sizeof(int))
            || (header->msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
            return WRONG;
        int number;
        memcpy(&number, CMSG_DATA(c), sizeof number);
        if (first < 0)
            first = number;
        else if (number != last + 1) {
            close_run(first, last);
            first = number;
        }
        last = number;
    }
    close_run(first, last);
    return 0;
}

/* ---- loops, one downcall each: 0, an errno or WRONG */

#define LOOPS(NAME, SEND, RECEIVE)                                                                                     \
    int NAME##_pass(struct lane *lane, int operations) {                                                               \
        int error = 0;                                                                                                 \
        for (int i = 0; i < operations && !error; i++) {                                                               \
            for (int j = 0; j < lane->messages && !error; j++)                                                         \
                error = SEND(lane->near, &lane->out, lane);                                                            \
            for (int j = 0; j < lane->messages && !error; j++)                                                         \
                error = RECEIVE(lane->far, &lane->in, lane);                                                           \
        }                                                                                                              \
        return error;                                                                                                  \
    }                                                                                                                  \
    int NAME##_ping(struct lane *lane, int operations) {                                                               \
        int error = 0;                                                                                                 \
        for (int i = 0; i < operations && !error; i++) {                                                               \
            error = SEND(lane->near, &lane->out, lane);                                                                \
            if (!error)                                                                                                \
                error = RECEIVE(lane->near, &lane->back_in, lane);                                                     \
        }                                                                                                              \
        return error;                                                                                                  \
    }                                                                                                                  \
    int NAME##_pong(struct lane *lane, int operations) {                                                               \
        int error = 0;                                                                                                 \
        for (int i = 0; i < operations && !error; i++) {                                                               \
            error = RECEIVE(lane->far, &lane->in, lane);                                                               \
            if (!error)                                                                                                \
                error = SEND(lane->far, &lane->back, lane);                                                            \
        }                                                                                                              \
        return error;                                                                                                  \
    }                                                                                                                  \
    int NAME##_send(struct lane *lane, int operations) {                                                               \
        int error = 0;                                                                                                 \
        for (int i = 0; i < operations && !error; i++)                                                                 \
            error = SEND(lane->near, &lane->out, lane);                                                                \
        return error;                                                                                                  \
    }                                                                                                                  \
    int NAME##_receive(struct lane *lane, int operations) {                                                            \
        int error = 0;                                                                                                 \
        for (int i = 0; i < operations && !error; i++)                                                                 \
            error = RECEIVE(lane->far, &lane->in, lane);                                                               \
        return error;                                                                                                  \
    }

LOOPS(plain, send_one, receive_one)
LOOPS(tricks, send_fast, receive_fast)

/* ---- flow: one thread moves messages that may be larger than what a stream holds, in turns of sending and receiving */

/* Sends what goes of the rest of a message. */
static int send_some(struct lane *lane, long *sent, int is_fast) {
    struct msghdr header = lane->out.header;
    struct iovec rest;
    if (*sent) {
        if (lane->buffers > 1)
            return WRONG;
        rest.iov_base = lane->out.bytes + *sent;
        rest.iov_len = lane->bytes - *sent;
        header.msg_iov = &rest;
        header.msg_control = NULL; /* went with the first byte */
        header.msg_controllen = 0;
    }
    long n;
    do
        n = is_fast ? syscall(SYS_sendmsg, lane->near, &header, MSG_NOSIGNAL | MSG_DONTWAIT)
                    : sendmsg(lane->near, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return errno == EAGAIN ? 0 : errno;
    *sent += n;
    return 0;
}

/* Receives what is there, always into the same place. */
static int receive_some(struct lane *lane, long *received, int *fds, int is_fast) {
    struct msghdr *header = &lane->in.header;
    header->msg_controllen = lane->fds ? CMSG_SPACE(sizeof(int) * lane->fds) : 0;
    long n;
    do
        n = is_fast ? syscall(SYS_recvmsg, lane->far, header, MSG_CMSG_CLOEXEC)
                    : recvmsg(lane->far, header, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return errno;
    *received += n;
    *fds += is_fast ? close_all(header) : close_each(header);
    return n == 0 || (header->msg_flags & (MSG_TRUNC | MSG_CTRUNC)) ? WRONG : 0;
}

static int flow(struct lane *lane, int operations, int is_fast) {
    for (int i = 0; i < operations; i++) {
        long sent = 0, received = 0;
        int fds = 0, error = 0;
        while (received < lane->bytes && !error) {
            if (sent < lane->bytes)
                error = send_some(lane, &sent, is_fast);
            if (!error)
                error = receive_some(lane, &received, &fds, is_fast);
        }
        if (error)
            return error;
        if (received != lane->bytes || fds != lane->fds)
            return WRONG;
    }
    return 0;
}

int plain_flow(struct lane *lane, int operations) {
    return flow(lane, operations, 0);
}

int tricks_flow(struct lane *lane, int operations) {
    return flow(lane, operations, 1);
}

int tricks_batch(struct lane *lane, int operations) {
    int error = 0;
    for (int i = 0; i < operations && !error; i++)
        error = pass_batch(lane);
    return error;
}
