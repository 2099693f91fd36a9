/*
 * Records the control buffers that the kernel fills, as seeds for the fuzzer:
 *
 *     gcc -o /tmp/record src/test/c/record_control_buffers.c
 *     /tmp/record src/test/resources/dev/fdpass/CmsgFuzzInputs
 *
 * Each file holds exactly the msg_controllen bytes of one recvmsg(2).
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SO_PASSPIDFD
#define SO_PASSPIDFD 76
#endif

enum { STAMP = 1, STAMP_NS = 2, CREDENTIALS = 4, PIDFD = 8 };

static const char *directory;

static void set(int fd, int option, const char *name)
{
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, option, &on, sizeof(on)))
		err(1, "%s", name);
}

/* Sends `count` descriptors over a socket with these options, receives with `room` bytes, and saves what came. */
static void record(const char *name, int type, int options, int count, size_t room)
{
	union {
		char bytes[4096];
		struct cmsghdr header;
	} control = {0};
	char byte = 'x';
	struct iovec iov = {&byte, 1};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
	char path[4096];
	int pair[2];

	if (socketpair(AF_UNIX, type, 0, pair))
		err(1, "socketpair");
	if (options & STAMP)
		set(pair[1], SO_TIMESTAMP, "SO_TIMESTAMP");
	if (options & STAMP_NS)
		set(pair[1], SO_TIMESTAMPNS, "SO_TIMESTAMPNS");
	if (options & CREDENTIALS)
		set(pair[1], SO_PASSCRED, "SO_PASSCRED");
	if (options & PIDFD)
		set(pair[1], SO_PASSPIDFD, "SO_PASSPIDFD");
	if (count) {
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_LEN(count * sizeof(int));
		control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		for (int i = 0; i < count; i++)
			((int *)CMSG_DATA(&control.header))[i] = STDIN_FILENO;
	}
	if (sendmsg(pair[0], &message, 0) < 0)
		err(1, "sendmsg");

	memset(&control, 0, sizeof(control));
	message.msg_control = control.bytes;
	message.msg_controllen = room;
	if (recvmsg(pair[1], &message, MSG_CMSG_CLOEXEC) < 0)
		err(1, "recvmsg");
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	if (!file || fwrite(control.bytes, 1, message.msg_controllen, file) != message.msg_controllen || fclose(file))
		err(1, "%s", path);
	printf("%-40s %4zu bytes%s\n", name, message.msg_controllen,
	       message.msg_flags & MSG_CTRUNC ? ", MSG_CTRUNC" : "");
	close_range(3, ~0U, 0);
}

int main(int argc, char **argv)
{
	int all = STAMP_NS | CREDENTIALS | PIDFD;

	if (argc != 2)
		errx(2, "usage: %s DIRECTORY", argv[0]);
	directory = argv[1];
	record("rights-1", SOCK_STREAM, 0, 1, 4096);
	record("rights-2", SOCK_STREAM, 0, 2, 4096);
	record("rights-3-odd", SOCK_SEQPACKET, 0, 3, 4096);
	record("rights-253", SOCK_STREAM, 0, 253, 4096);
	record("rights-truncated-by-room", SOCK_STREAM, 0, 5, CMSG_LEN(3 * sizeof(int)));
	record("rights-one-more-by-padding", SOCK_STREAM, 0, 5, CMSG_SPACE(3 * sizeof(int)));
	record("timestamp", SOCK_DGRAM, STAMP, 0, 4096);
	record("timestamp-ns-rights", SOCK_DGRAM, STAMP_NS, 2, 4096);
	record("credentials", SOCK_DGRAM, CREDENTIALS, 0, 4096);
	record("credentials-truncated", SOCK_DGRAM, CREDENTIALS, 0, CMSG_LEN(8));
	record("credentials-rights", SOCK_STREAM, CREDENTIALS, 3, 4096);
	record("pidfd", SOCK_SEQPACKET, PIDFD, 0, 4096);
	record("pidfd-rights", SOCK_SEQPACKET, PIDFD, 3, 4096);
	record("timestamp-credentials-rights-pidfd", SOCK_DGRAM, all, 3, 4096);
	record("all-without-room-for-the-pidfd", SOCK_DGRAM, all, 3,
	       CMSG_SPACE(16) + CMSG_SPACE(12) + CMSG_SPACE(12));
	return 0;
}
