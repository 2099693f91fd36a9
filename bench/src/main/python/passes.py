"""Passes descriptors: each line of standard input asks for so many operations, the answer is the nanoseconds they took."""

import array
import os
import socket
import sys
import threading
import time

kind, size, buffers, fds, messages, flow = sys.argv[1], *map(int, sys.argv[2:6]), sys.argv[6]
TYPES = {"STREAM": socket.SOCK_STREAM, "DATAGRAM": socket.SOCK_DGRAM, "SEQPACKET": socket.SOCK_SEQPACKET}
near, far = socket.socketpair(socket.AF_UNIX, TYPES[kind])
sent = array.array("i", [os.open("/dev/null", os.O_RDONLY) for _ in range(fds)])
control = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, sent)] if fds else []
parts = [bytes(size // buffers)] * buffers
room = socket.CMSG_LEN(4 * fds) if fds else 0
into = {end: [bytearray(size // buffers) for _ in range(buffers)] for end in (near, far)}


def send(end):
    if end.sendmsg(parts, control) != size:
        sys.exit("sent in parts")


def receive(end):
    count, ancillary, _, _ = end.recvmsg_into(into[end], room)
    came = 0
    for level, what, data in ancillary:
        if level == socket.SOL_SOCKET and what == socket.SCM_RIGHTS:
            numbers = array.array("i")
            numbers.frombytes(data)
            for number in numbers:
                os.close(number)
            came += len(numbers)
    if count != size or came != fds:
        sys.exit(f"{count} bytes and {came} descriptors came")


def passes(operations):
    for _ in range(operations):
        for _ in range(messages):
            send(near)
        for _ in range(messages):
            receive(far)


def ping(operations):
    for _ in range(operations):
        send(near)
        receive(near)


def pong(operations):
    for _ in range(operations):
        receive(far)
        send(far)


def send_all(operations):
    for _ in range(operations):
        send(near)


def receive_all(operations):
    for _ in range(operations):
        receive(far)


def alone(part, operations):
    """Whoever fails ends the process: the other thread would wait for it for ever."""
    try:
        part(operations)
    except BaseException as failure:
        print(f"passes.py: {failure!r}", file=sys.stderr, flush=True)
        os._exit(1)


here, there = {"PASS": (passes, None), "PING_PONG": (ping, pong), "ONE_WAY": (send_all, receive_all)}[flow]
for line in sys.stdin:
    operations = int(line)
    second = threading.Thread(target=alone, args=(there, operations)) if there else None
    if second:
        second.start()
    start = time.perf_counter_ns()
    alone(here, operations)
    if second:
        second.join()
    print(time.perf_counter_ns() - start, flush=True)
