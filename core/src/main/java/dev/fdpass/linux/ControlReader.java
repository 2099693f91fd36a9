package dev.fdpass.linux;

import static dev.fdpass.linux.SocketConstants.SCM_CREDENTIALS;
import static dev.fdpass.linux.SocketConstants.SCM_INQ;
import static dev.fdpass.linux.SocketConstants.SCM_PIDFD;
import static dev.fdpass.linux.SocketConstants.SCM_RIGHTS;
import static dev.fdpass.linux.SocketConstants.SCM_SECURITY;
import static dev.fdpass.linux.SocketConstants.SOL_SOCKET;
import static dev.fdpass.linux.SocketConstants.SO_TIMESTAMP;
import static dev.fdpass.linux.SocketConstants.SO_TIMESTAMPING;
import static dev.fdpass.linux.SocketConstants.SO_TIMESTAMPING_NEW;
import static dev.fdpass.linux.SocketConstants.SO_TIMESTAMPNS;
import static dev.fdpass.linux.SocketConstants.SO_TIMESTAMPNS_NEW;
import static dev.fdpass.linux.SocketConstants.SO_TIMESTAMP_NEW;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;

/**
 * Reads what a receive has put into a control buffer, whatever control messages stand there in whatever order. Pure: it
 * decides which descriptors are taken and which are too many, and makes no system call.
 */
public final class ControlReader {
    static final int FD_SIZE = 4;
    /** Of a timestamp: {@code struct timespec}, or {@code struct timeval}. */
    static final int TIMESTAMP_SIZE = 16;

    /** Instead of the type of a message whose level is not {@code SOL_SOCKET}. */
    private static final int NOT_OURS = -1;

    private static final int TV_NSEC = 8;
    private static final int NANOS_PER_MICRO = 1_000;

    private ControlReader() {}

    /**
     * Reads all messages. Every descriptor number that stands in one is, from then on, either in {@code into}, the
     * summary's pidfd, or what {@link #forEachSurplus} gives.
     *
     * @param controllen {@code msg_controllen} as the kernel left it
     * @param isFull whether the kernel lacked room and used all that there was, so that the last message may be cut
     * @param into where descriptors go, up to {@code limit}
     * @param found what else was found
     */
    public static void read(
            MemorySegment control, long controllen, boolean isFull, int[] into, int limit, ControlSummary found) {
        found.clear();
        int count = 0;
        int surplus = 0;
        long at = Cmsghdr.first(control, controllen);
        while (at >= 0) {
            int type = Cmsghdr.level(control, at) == SOL_SOCKET ? Cmsghdr.type(control, at) : NOT_OURS;
            long data = Cmsghdr.data(at);
            long length = Cmsghdr.dataLength(control, at);
            if (type == SCM_RIGHTS) {
                int here = (int) (length / FD_SIZE);
                int fitting = Math.min(here, limit - count);
                for (int i = 0; i < fitting; i++) {
                    into[count++] = control.get(JAVA_INT_UNALIGNED, data + (long) i * FD_SIZE);
                }
                surplus += here - fitting;
            } else {
                surplus += readOther(type, control, data, length, isFull && data + length >= controllen, found);
            }
            at = Cmsghdr.next(control, controllen, at);
        }
        found.fds(count, surplus, at == Cmsghdr.MALFORMED);
    }

    /**
     * Reads what is no {@code SCM_RIGHTS}; apart from {@link #read}, which stays small enough to be compiled into its caller.
     *
     * @param mayBeCut whether the kernel may have lacked room for all of it
     * @return descriptors in it that were not taken
     */
    private static int readOther(
            int type, MemorySegment control, long data, long length, boolean mayBeCut, ControlSummary found) {
        switch (type) {
            case SCM_PIDFD -> {
                found.option(ControlRoom.PIDFD);
                return readPidFd(control, data, length, found) ? 0 : 1;
            }
            case SCM_CREDENTIALS -> readCredentials(control, data, length, found);
            case SCM_SECURITY -> {
                found.option(ControlRoom.SECURITY);
                if (!mayBeCut) { // else a part of it, perhaps another label's name
                    found.security(data, (int) length);
                }
            }
            case SO_TIMESTAMPNS, SO_TIMESTAMPNS_NEW -> readTimestamp(control, data, length, 1, found);
            case SO_TIMESTAMP, SO_TIMESTAMP_NEW -> readTimestamp(control, data, length, NANOS_PER_MICRO, found);
            case SO_TIMESTAMPING, SO_TIMESTAMPING_NEW -> found.option(ControlRoom.TIMESTAMPING);
            case SCM_INQ -> found.option(ControlRoom.INQ);
            default -> {} // of an option that is newer than this
        }
        return 0;
    }

    /** Gives each descriptor number that {@link #read} with the same arguments did not take. */
    public static void forEachSurplus(MemorySegment control, long controllen, int limit, IntConsumer surplus) {
        int seen = 0;
        boolean pidFdTaken = false;
        for (long at = Cmsghdr.first(control, controllen); at >= 0; at = Cmsghdr.next(control, controllen, at)) {
            int type = Cmsghdr.level(control, at) == SOL_SOCKET ? Cmsghdr.type(control, at) : 0;
            if (type == SCM_RIGHTS) {
                long end = Cmsghdr.data(at) + Cmsghdr.dataLength(control, at);
                for (long fd = Cmsghdr.data(at); fd + FD_SIZE <= end; fd += FD_SIZE) {
                    if (seen++ >= limit) {
                        surplus.accept(control.get(JAVA_INT_UNALIGNED, fd));
                    }
                }
            } else if (type == SCM_PIDFD && Cmsghdr.dataLength(control, at) >= FD_SIZE) {
                int number = control.get(JAVA_INT_UNALIGNED, Cmsghdr.data(at));
                if (number >= 0 && pidFdTaken) {
                    surplus.accept(number);
                }
                pidFdTaken |= number >= 0;
            }
        }
    }

    /** Whether the pidfd, if it is one, was taken; where the process is gone the kernel may give an error number instead. */
    private static boolean readPidFd(MemorySegment control, long data, long length, ControlSummary found) {
        int number = length < FD_SIZE ? -1 : control.get(JAVA_INT_UNALIGNED, data);
        if (number >= 0 && found.pidFd() >= 0) {
            return false;
        }
        if (number >= 0) {
            found.pidFd(number);
        }
        return true;
    }

    /** Where there was not room for all of it, the kernel gives a part, which says nothing. */
    private static void readCredentials(MemorySegment control, long data, long length, ControlSummary found) {
        found.option(ControlRoom.CREDENTIALS);
        if (length >= Ucred.SIZE) {
            found.credentials(
                    control.get(JAVA_INT_UNALIGNED, data + Ucred.PID),
                    control.get(JAVA_INT_UNALIGNED, data + Ucred.UID),
                    control.get(JAVA_INT_UNALIGNED, data + Ucred.GID));
        }
    }

    private static void readTimestamp(
            MemorySegment control, long data, long length, int nanosPerUnit, ControlSummary found) {
        found.option(ControlRoom.TIMESTAMP);
        if (length >= TIMESTAMP_SIZE) {
            found.timestamp(
                    control.get(JAVA_LONG_UNALIGNED, data),
                    control.get(JAVA_LONG_UNALIGNED, data + TV_NSEC) * nanosPerUnit);
        }
    }
}
