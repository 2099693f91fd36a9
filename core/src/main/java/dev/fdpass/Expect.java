package dev.fdpass;

import static dev.fdpass.linux.SocketConstants.AF_INET;
import static dev.fdpass.linux.SocketConstants.AF_INET6;
import static dev.fdpass.linux.SocketConstants.AF_UNIX;
import static dev.fdpass.linux.SocketConstants.IPPROTO_MPTCP;
import static dev.fdpass.linux.SocketConstants.IPPROTO_TCP;
import static dev.fdpass.linux.SocketConstants.IPPROTO_UDP;
import static dev.fdpass.linux.SocketConstants.SOCK_DGRAM;
import static dev.fdpass.linux.SocketConstants.SOCK_SEQPACKET;
import static dev.fdpass.linux.SocketConstants.SOCK_STREAM;
import static dev.fdpass.linux.SocketConstants.SO_ACCEPTCONN;
import static dev.fdpass.linux.SocketConstants.SO_DOMAIN;
import static dev.fdpass.linux.SocketConstants.SO_PROTOCOL;
import static dev.fdpass.linux.SocketConstants.SO_TYPE;

import dev.fdpass.linux.Errno;
import dev.fdpass.linux.SocketOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What a receiver expects a descriptor to be, checked against the kernel in one step that closes what is anything else:
 *
 * <pre>{@code
 * OwnedFd log = received.takeFd(0, Expect.regularFile().access(Access.WRITE));
 * List<OwnedFd> both = received.takeExactly(SharedMemory.expected(Seal.SHRINK), Expect.eventFd());
 * }</pre>
 *
 * <p>What is rejected can be used by nobody any more. It is closed by a thread of its own, mostly a moment later: a sender
 * can make closing wait, of a file of a file system that it serves itself for example.
 *
 * <p>A peer can send anything: a directory, from which {@code openat(2)} leads anywhere; a file opened to write where one
 * to read was due; memory that it may shrink. What was checked stays so, except that seals can be added, and that a socket can begin to listen. A
 * descriptor that was opened with {@code O_PATH} is never accepted unless {@link #access} names {@link FdInfo.Access#PATH}.
 *
 * <p>Immutable: each method returns a new one. Man pages: {@code statx(2)}, {@code fcntl(2)}, {@code socket(7)}.
 */
public final class Expect {
    /**
     * A condition of one's own.
     */
    @FunctionalInterface
    public interface Check {
        /**
         * Looks at a descriptor, without changing or closing it.
         *
         * @param fd an open descriptor
         * @return whether it is as it should be
         * @throws IOException if that cannot be found out, which rejects it too
         */
        boolean holds(OwnedFd fd) throws IOException;
    }

    private record Condition(String text, Check check) {}

    private final String what;
    private final Set<FdInfo.Access> access;
    private final List<Condition> conditions;

    private Expect(String what, Set<FdInfo.Access> access, List<Condition> conditions) {
        this.what = what;
        this.access = access;
        this.conditions = conditions;
    }

    private static Expect kind(String what, FdInfo.Kind... kinds) {
        Set<FdInfo.Kind> wanted = Set.of(kinds);
        return anything(what).and("", fd -> wanted.contains(fd.info().kind()));
    }

    private static Expect socket(String what, int type) {
        return anything(what).and("", fd -> option(fd, SO_DOMAIN) == AF_UNIX && option(fd, SO_TYPE) == type);
    }

    private static Expect internetSocket(String what, long... protocols) {
        return anything(what)
                .and(
                        "",
                        fd -> isAnyOf(option(fd, SO_DOMAIN), AF_INET, AF_INET6)
                                && isAnyOf(option(fd, SO_PROTOCOL), protocols));
    }

    private static boolean isAnyOf(long value, long... wanted) {
        return LongStream.of(wanted).anyMatch(each -> each == value);
    }

    private static Expect anything(String what) {
        return new Expect(what, EnumSet.complementOf(EnumSet.of(FdInfo.Access.PATH)), List.of());
    }

    /** An option's value; a negative one for what is no socket. */
    private static long option(OwnedFd fd, int option) throws IOException {
        long value = fd.use(number -> SocketOptions.get(number, option));
        return Errno.ENOTSOCK.is(value) ? value : Errors.check("getsockopt", value);
    }

    /** {@return any open file} */
    public static Expect anyFile() {
        return anything("any file");
    }

    /** {@return a regular file, a memory file included} */
    public static Expect regularFile() {
        return kind("a regular file", FdInfo.Kind.REGULAR, FdInfo.Kind.MEMFD);
    }

    /** {@return a file of {@code memfd_create(2)}; for its seals see {@link dev.fdpass.memory.SharedMemory#expected}} */
    public static Expect memfd() {
        return kind("a memory file", FdInfo.Kind.MEMFD);
    }

    /** {@return a directory} */
    public static Expect directory() {
        return kind("a directory", FdInfo.Kind.DIRECTORY);
    }

    /** {@return an end of a pipe, or a FIFO} */
    public static Expect pipe() {
        return kind("a pipe", FdInfo.Kind.PIPE);
    }

    /** {@return a character device, such as a terminal} */
    public static Expect characterDevice() {
        return kind("a character device", FdInfo.Kind.CHARACTER_DEVICE);
    }

    /** {@return an {@code eventfd(2)}} */
    public static Expect eventFd() {
        return kind("an eventfd", FdInfo.Kind.EVENTFD);
    }

    /** {@return a {@code pidfd_open(2)} descriptor} */
    public static Expect pidFd() {
        return kind("a pidfd", FdInfo.Kind.PIDFD);
    }

    /** {@return a socket of any family and type} */
    public static Expect socket() {
        return kind("a socket", FdInfo.Kind.SOCKET);
    }

    /** {@return a Unix-domain stream socket} */
    public static Expect unixStream() {
        return socket("an AF_UNIX stream socket", SOCK_STREAM);
    }

    /** {@return a Unix-domain datagram socket} */
    public static Expect unixDatagram() {
        return socket("an AF_UNIX datagram socket", SOCK_DGRAM);
    }

    /** {@return a Unix-domain seqpacket socket} */
    public static Expect unixSeqpacket() {
        return socket("an AF_UNIX seqpacket socket", SOCK_SEQPACKET);
    }

    /** {@return a TCP socket, IPv4 or IPv6, of several paths ({@code IPPROTO_MPTCP}) too} */
    public static Expect tcp() {
        return internetSocket("a TCP socket", IPPROTO_TCP, IPPROTO_MPTCP);
    }

    /** {@return a UDP socket, IPv4 or IPv6} */
    public static Expect udp() {
        return internetSocket("a UDP socket", IPPROTO_UDP);
    }

    /**
     * Restricts what may be done through the descriptor.
     *
     * @param anyOf the access modes that are accepted, one or more
     * @return a new expectation
     */
    public Expect access(FdInfo.Access... anyOf) {
        if (anyOf.length == 0) {
            throw new IllegalArgumentException("no access mode; name one or more that are accepted");
        }
        Set<FdInfo.Access> wanted = EnumSet.copyOf(List.of(anyOf));
        String names = wanted.stream().map(FdInfo.Access::toString).collect(Collectors.joining(" or "));
        return new Expect(what + " with access to " + names, wanted, conditions);
    }

    /** {@return the same, of a socket that listens ({@code SO_ACCEPTCONN})} */
    public Expect listening() {
        return and(" that listens", fd -> option(fd, SO_ACCEPTCONN) > 0);
    }

    /** {@return the same, of a socket that does not listen} */
    public Expect notListening() {
        return and(" that does not listen", fd -> option(fd, SO_ACCEPTCONN) <= 0);
    }

    /**
     * Adds a condition of one's own.
     *
     * @param text what is expected, for the message of the exception: {@code "of at least 4096 bytes"}
     * @param check the condition
     * @return a new expectation
     */
    public Expect that(String text, Check check) {
        return and(", " + text, check);
    }

    private Expect and(String text, Check check) {
        List<Condition> more = Stream.concat(conditions.stream(), Stream.of(new Condition(text, check)))
                .toList();
        return new Expect(what + text, access, more);
    }

    /**
     * Whether a descriptor is what is expected. Neither changes nor closes it.
     *
     * @param fd a descriptor
     * @return whether all holds
     * @throws IOException if it is closed, or a check fails
     */
    public boolean isMetBy(OwnedFd fd) throws IOException {
        if (!access.contains(fd.info().access())) {
            return false;
        }
        for (Condition condition : conditions) {
            if (!condition.check().holds(fd)) {
                return false;
            }
        }
        return true;
    }

    /** Gives {@code fd} back if it is what is expected, else closes it and throws, also if a check does. */
    OwnedFd orClose(OwnedFd fd) throws IOException {
        try {
            if (isMetBy(fd)) {
                return fd;
            }
            throw new RejectedFdException(fd + " was rejected and closed; expected was " + this);
        } catch (Throwable t) {
            fd.closeAside();
            throw t;
        }
    }

    /** Checks what somebody wants to use as such a thing; it stays open. */
    void checkAdopted(OwnedFd fd) throws IOException {
        if (!isMetBy(fd)) {
            throw new IllegalArgumentException(fd + describeSocket(fd) + " will not do; " + this + " is needed");
        }
    }

    private static String describeSocket(OwnedFd fd) throws IOException {
        if (fd.info().kind() != FdInfo.Kind.SOCKET) {
            return "";
        }
        return ", of family " + option(fd, SO_DOMAIN) + ", a " + SocketSetup.typeName((int) option(fd, SO_TYPE))
                + (option(fd, SO_ACCEPTCONN) > 0 ? " that listens," : ",");
    }

    /** All of several: owners for all descriptors of a message if they are what is expected, else they are closed. */
    static List<OwnedFd> takeExactly(HeldFds held, boolean truncated, Expect... expected) throws IOException {
        List<OwnedFd> taken = new ArrayList<>(expected.length);
        try {
            if (held.count() != expected.length || truncated) {
                throw new RejectedFdException(
                        held.count() + " descriptors came" + (truncated ? ", and more were sent" : "") + "; "
                                + expected.length + " were expected. All are closed");
            }
            for (int i = 0; i < expected.length; i++) {
                taken.add(expected[i].orClose(held.take(i)));
            }
            return taken;
        } catch (Throwable t) {
            held.closeAside();
            for (OwnedFd fd : taken) {
                fd.closeAside();
            }
            throw t;
        }
    }

    /** What is expected, for people: {@code "a regular file with access to read"}. */
    @Override
    public String toString() {
        return what;
    }
}
