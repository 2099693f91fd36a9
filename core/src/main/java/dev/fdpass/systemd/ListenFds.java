package dev.fdpass.systemd;

import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.internal.Inherited;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Environ;
import dev.fdpass.linux.FileConstants;
import dev.fdpass.spawn.Spawn;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;

/**
 * The descriptors that a service manager started this process with, by name: socket activation and the descriptor store of
 * systemd, {@code sd_listen_fds(3)}.
 *
 * <pre>{@code
 * try (ListenFds fds = ListenFds.fromEnvironment();
 *         UnixStreamListener door = fds.has("door")
 *                 ? UnixStreamListener.adopt(fds.take("door", Expect.unixStream().listening()))
 *                 : UnixStreamListener.bind(UnixAddress.of("/run/door"))) {
 *     ...
 * }
 * }</pre>
 *
 * <p>A TCP listener for a program that uses the JDK's channels, with {@link dev.fdpass.jdk.JdkSockets}:
 *
 * <pre>{@code
 * try (ListenFds fds = ListenFds.fromEnvironment();
 *         OwnedFd fd = fds.take("http.socket", Expect.tcp().listening());
 *         ServerSocketChannel server = JdkSockets.toServerSocketChannel(fd)) {
 *     ...
 * }
 * }</pre>
 *
 * <p>The name is what {@code FileDescriptorName=} of the socket's unit says; without that, the name of the unit, such as
 * {@code "http.socket"} ({@code systemd.socket(5)}).
 *
 * <p>They belong to this object until they are taken; {@link #close} closes the rest. What they are is up to whoever gave
 * them: say what is expected, or keep what was taken in a {@code try} of its own, as above. Else it is nobody's if
 * {@code adopt} or a conversion refuses it. Where these succeed, closing the {@link OwnedFd} once more closes what
 * {@code adopt} made, which is a view of it, and does nothing to what the conversions to objects of the JDK made.
 *
 * <p>The other side is {@link #give}, which has a {@link Spawn} start a program so.
 *
 * <p>Safe for use by several threads.
 */
public final class ListenFds implements Closeable {
    private static boolean consumed;

    private final List<Held> held;
    private boolean closed;

    private record Held(String name, OwnedFd fd) {}

    private ListenFds(List<Held> held) {
        this.held = held;
    }

    /**
     * Takes over the descriptors that the environment of this process announces, once: {@code LISTEN_FDS} of them, from
     * descriptor 3 on, if {@code LISTEN_PID} is this process (and {@code LISTEN_PIDFDID}, of newer systemd, the inode of its
     * pidfd, where the kernel tells it: Linux 6.9), with the names in {@code LISTEN_FDNAMES} or, without that,
     * all {@code "unknown"}. Sets close-on-exec on each.
     *
     * <p>Once: another call finds none. What {@link System#getenv} says cannot be changed, so that goes on showing the
     * variables, and {@link ProcessBuilder} passes them to children, where they mean nothing ({@code LISTEN_PID} is another
     * process); {@link Spawn} leaves them out from now on.
     *
     * <p>Call it early. That a number of those announced is open but was not meant cannot be seen where the JVM or a
     * library opened it; only what has close-on-exec set is known not to be inherited.
     *
     * @return the descriptors; none if there are no such variables, or they are meant for another process
     * @throws IllegalStateException if a variable is malformed, or a descriptor that they announce is not open or has
     *     close-on-exec set; nothing was taken or changed
     * @throws java.io.UncheckedIOException if the system refuses to set close-on-exec; nothing was taken
     */
    public static synchronized ListenFds fromEnvironment() {
        if (consumed) {
            return new ListenFds(new ArrayList<>());
        }
        List<String> names = ListenVariables.read(
                        System.getenv(), ProcessHandle.current().pid(), PidFdId::ofSelf)
                .names();
        for (int i = 0; i < names.size(); i++) {
            check(ListenVariables.FIRST + i, names);
        }
        ListenFds all = new ListenFds(adopt(names));
        consumed = true;
        ListenVariables.ALL.forEach(Environ::consume);
        return all;
    }

    private static void check(int number, List<String> names) {
        long flags = Descriptors.getFlags(number);
        String problem = flags < 0
                ? "not open"
                : (flags & FileConstants.FD_CLOEXEC) != 0
                        ? "close-on-exec, so it was not inherited, or something in this process has taken it already"
                        : isInherited(number) ? null : "an archive of this JVM, so it was not inherited";
        if (problem != null) {
            throw new IllegalStateException("descriptor " + number + " (\""
                    + Visible.of(names.get(number - ListenVariables.FIRST)) + "\") is " + problem
                    + "; the environment variable " + ListenVariables.FDS + " announces " + names.size() + " from "
                    + ListenVariables.FIRST + " on");
        }
    }

    private static boolean isInherited(int number) {
        try {
            return Inherited.is(number);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Held> adopt(List<String> names) {
        List<Held> all = new ArrayList<>(names.size());
        try {
            for (String name : names) {
                all.add(new Held(name, OwnedFd.adopt(ListenVariables.FIRST + all.size())));
            }
            return all;
        } catch (Throwable t) {
            all.forEach(ListenFds::giveBack);
            throw t;
        }
    }

    private static void giveBack(Held taken) {
        try {
            Descriptors.setCloseOnExec(taken.fd().detach(), false);
        } catch (IOException e) {
            throw new AssertionError("nobody else has it", e);
        }
    }

    // ---- Taking

    /** {@return how many there are that nobody took} */
    public synchronized int remaining() {
        return held.size();
    }

    /** {@return the names of those that nobody took, in the order of the descriptors; one that several have, several times} */
    public synchronized List<String> names() {
        return held.stream().map(Held::name).toList();
    }

    /**
     * Whether there is one of that name that nobody took.
     *
     * @param name any text
     * @return whether {@link #take} finds one
     */
    public synchronized boolean has(String name) {
        return names().contains(name);
    }

    /**
     * Takes a descriptor: it is the caller's to close now.
     *
     * @param name its name; if several have it, the first of them that nobody took
     * @return its owner
     * @throws NoSuchElementException if there is none, or no more; the message says which there are
     * @throws IllegalStateException if this is closed
     */
    public synchronized OwnedFd take(String name) {
        Held found = find(name);
        held.remove(found);
        return found.fd();
    }

    /**
     * Takes a descriptor if it is what is expected: it is the caller's to close now. Else it stays here.
     *
     * @param name its name; if several have it, the first of them that nobody took
     * @param expected what it must be
     * @return its owner
     * @throws NoSuchElementException if there is none, or no more; the message says which there are
     * @throws IllegalStateException if it is anything else, or this is closed
     * @throws IOException if what it is cannot be found out
     */
    public synchronized OwnedFd take(String name, Expect expected) throws IOException {
        Held found = find(name);
        if (!expected.isMetBy(found.fd())) {
            throw new IllegalStateException("the descriptor named \"" + Visible.of(name) + "\" is " + found.fd()
                    + "; expected was " + expected + ". Look at what starts this program");
        }
        held.remove(found);
        return found.fd();
    }

    private Held find(String name) {
        checkOpen();
        for (Held one : held) {
            if (one.name().equals(name)) {
                return one;
            }
        }
        throw new NoSuchElementException("no descriptor is named \"" + Visible.of(name) + "\"; "
                + (held.isEmpty()
                        ? "there are none, or all were taken"
                        : "there are "
                                + held.stream()
                                        .map(one -> "\"" + Visible.of(one.name()) + "\"")
                                        .distinct()
                                        .collect(Collectors.joining(", "))));
    }

    /**
     * Takes all descriptors of a name.
     *
     * @param name their name
     * @return their owners, in the order of the descriptors; each is the caller's to close. Empty if there are none
     * @throws IllegalStateException if this is closed
     */
    public synchronized List<OwnedFd> takeAll(String name) {
        checkOpen();
        List<OwnedFd> all = held.stream()
                .filter(one -> one.name().equals(name))
                .map(Held::fd)
                .toList();
        held.removeIf(one -> one.name().equals(name));
        return all;
    }

    /**
     * Takes all descriptors that nobody took.
     *
     * @return their owners, in their order; each is the caller's to close
     * @throws IllegalStateException if this is closed
     */
    public synchronized List<OwnedFd> takeAll() {
        checkOpen();
        List<OwnedFd> all = held.stream().map(Held::fd).toList();
        held.clear();
        return all;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this is closed, and the descriptors that nobody took with it");
        }
    }

    /**
     * Closes the descriptors that nobody took. Further calls do nothing.
     *
     * @throws IOException if {@code close(2)} reports that earlier writes were lost; all are closed nevertheless
     */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        IOException failure = null;
        while (!held.isEmpty()) {
            try {
                held.removeLast().fd().close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The names, as {@code "ListenFds[http, https]"}. */
    @Override
    public String toString() {
        return "ListenFds" + names().stream().map(Visible::of).toList();
    }

    // ---- Giving

    /**
     * Has a program find descriptors as {@code sd_listen_fds(3)} does.
     *
     * @param program what is to be started
     * @param fds as for {@link #give(Spawn, List)}
     * @return such a description
     * @throws IllegalArgumentException as for {@link #give(Spawn, List)}
     */
    public static Spawn give(Spawn program, NamedFd... fds) {
        return give(program, List.of(fds));
    }

    /**
     * Has a program find descriptors as {@code sd_listen_fds(3)} does: they become 3 and so on there, and
     * {@code LISTEN_FDS}, {@code LISTEN_FDNAMES} and {@code LISTEN_PID} say so. Whatever the environment says of others is
     * left out; with no descriptors, that is all. Do it after {@link Spawn#environment(java.util.Map)}, which would replace
     * the variables.
     *
     * <p>Only {@code sh(1)} can put the number of its own process into {@code LISTEN_PID}: see {@link Spawn#processNumberIn}.
     *
     * @param program what is to be started, to which no descriptors were given at 3 and the next numbers
     * @param fds the descriptors, which are borrowed when it is started; the same name may occur several times, and so may
     *     the same descriptor. Better no backslash in a name: programs that read it with systemd's library take it as
     *     an escape (seen with systemd 252), and at the end of a name as an error
     * @return such a description
     * @throws IllegalArgumentException if something is to be at one of the numbers already
     */
    public static Spawn give(Spawn program, List<NamedFd> fds) {
        Spawn given = program;
        for (String variable : ListenVariables.ALL) {
            given = given.withoutVariable(variable);
        }
        if (fds.isEmpty()) {
            return given;
        }
        int number = ListenVariables.FIRST;
        for (NamedFd fd : fds) {
            given = given.fd(number++, fd.fd());
        }
        return given.variable(ListenVariables.FDS, Integer.toString(fds.size()))
                .variable(ListenVariables.NAMES, fds.stream().map(NamedFd::name).collect(Collectors.joining(":")))
                .processNumberIn(ListenVariables.PID);
    }
}
