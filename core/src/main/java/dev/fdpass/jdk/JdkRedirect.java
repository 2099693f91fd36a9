package dev.fdpass.jdk;

import dev.fdpass.AsFd;
import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A descriptor as standard input, output or error of a child process that {@link ProcessBuilder} starts.
 *
 * <pre>{@code
 * try (JdkRedirect log = JdkRedirect.reopenTo(fd)) {
 *     new ProcessBuilder("make").redirectOutput(log.redirect()).start();
 * }
 * }</pre>
 *
 * <p>It holds duplicates, which {@link #close} closes; to be closed when the child has been started, and not before. What
 * the child has then is its own. Safe for use by several threads.
 *
 * <p>{@link #from} and {@link #to} need {@code --add-opens java.base/java.lang=dev.fdpass} and
 * {@code --add-opens java.base/java.io=dev.fdpass}: the JDK has no public way to give a child a descriptor. Without flags
 * {@code dev.fdpass.spawn.Spawn} starts children with any descriptors, and {@link #reopenFrom} and {@link #reopenTo} do for
 * files and pipes for which a <em>new</em> open file description is good enough.
 */
public final class JdkRedirect implements Closeable {
    /** What makes a redirection of a descriptor that is open until this is closed. */
    private interface Making {
        Redirect of(JdkRedirect holder) throws IOException;
    }

    private final OwnedFd duplicate;
    private final Making making;
    private final List<OwnedFd> given = new ArrayList<>();

    private JdkRedirect(OwnedFd duplicate, Making making) {
        this.duplicate = duplicate;
        this.making = making;
    }

    /**
     * The child reads from the very open file: any kind of descriptor, with its position.
     *
     * @param source any readable descriptor
     * @return for {@link ProcessBuilder#redirectInput(Redirect)}
     * @throws UnsupportedOperationException without the flags; the message says what else can be done
     * @throws IOException if it is closed, or no more descriptors can be had ({@code EMFILE})
     */
    public static JdkRedirect from(AsFd source) throws IOException {
        return exactly(source);
    }

    /**
     * The child writes to the very open file: any kind of descriptor, with its position.
     *
     * @param target any writable descriptor
     * @return for {@link ProcessBuilder#redirectOutput(Redirect)} or {@link ProcessBuilder#redirectError(Redirect)}
     * @throws UnsupportedOperationException without the flags; the message says what else can be done
     * @throws IOException if it is closed, or no more descriptors can be had ({@code EMFILE})
     */
    public static JdkRedirect to(AsFd target) throws IOException {
        return exactly(target);
    }

    private static JdkRedirect exactly(AsFd fd) throws IOException {
        ProcessInternals internals = ProcessInternals.opened()
                .orElseThrow(() -> new UnsupportedOperationException(
                        "ProcessBuilder takes a descriptor only if java is started with "
                                + Advice.flagToOpen(ProcessInternals.PACKAGE) + " and "
                                + Advice.flagToOpen(FileInternals.PACKAGE)
                                + "; without flags, dev.fdpass.spawn.Spawn starts children with any descriptors, and"
                                + " reopenFrom and reopenTo do for a file or pipe that may be opened anew"));
        return new JdkRedirect(
                fd.asFd().duplicate(),
                holder -> internals.redirect(holder.another().number()));
    }

    /**
     * The child reads what opening the file of the descriptor anew gives, through {@code /proc/self/fd}: a <em>new</em> open file
     * description. It begins at the start of a regular file, moves no position but its own, and needs permission to open the
     * file. Of a pipe it is another reader, as good as the first.
     *
     * @param source a regular file, memory file, pipe or device; no FIFO with a name, which a child would perhaps wait for
     * @return for {@link ProcessBuilder#redirectInput(Redirect)}
     * @throws IllegalArgumentException if it is of a kind that cannot be opened anew, as a socket
     * @throws IOException if it is closed, or no more descriptors can be had ({@code EMFILE})
     */
    public static JdkRedirect reopenFrom(AsFd source) throws IOException {
        return reopened(source, Redirect::from);
    }

    /**
     * The child writes to what opening the file of the descriptor anew gives, through {@code /proc/self/fd}: a <em>new</em> open
     * file description. It appends to a regular file, whatever the position of the descriptor, and needs permission to open
     * the file. Of a pipe it is another writer, as good as the first.
     *
     * @param target a regular file, memory file, pipe or device; no FIFO with a name, which a child would perhaps wait for
     * @return for {@link ProcessBuilder#redirectOutput(Redirect)} or {@link ProcessBuilder#redirectError(Redirect)}
     * @throws IllegalArgumentException if it is of a kind that cannot be opened anew, as a socket
     * @throws IOException if it is closed, or no more descriptors can be had ({@code EMFILE})
     */
    public static JdkRedirect reopenTo(AsFd target) throws IOException {
        return reopened(target, Redirect::appendTo); // "to" would truncate it
    }

    private static JdkRedirect reopened(AsFd fd, Function<File, Redirect> redirect) throws IOException {
        FdInfo info = fd.asFd().info();
        switch (info.kind()) {
            case REGULAR, MEMFD, PIPE, CHARACTER_DEVICE, BLOCK_DEVICE -> {}
            default -> throw new IllegalArgumentException(fd.asFd() + " cannot be opened anew");
        }
        if (info.kind() == FdInfo.Kind.PIPE && !info.name().startsWith("pipe:")) {
            throw new IllegalArgumentException(
                    fd.asFd() + " is a FIFO with a name: to open it anew may wait for somebody to"
                            + " open its other end, and so would the start of the child; dev.fdpass.spawn.Spawn gives the very"
                            + " open file");
        }
        return new JdkRedirect(
                fd.asFd().duplicate(),
                holder -> redirect.apply(new File("/proc/self/fd/" + holder.duplicate.number())));
    }

    /** A child's start closes each number when it has moved it into place, so no two of its streams can have the same. */
    private OwnedFd another() throws IOException {
        OwnedFd another = duplicate.duplicate();
        given.add(another);
        return another;
    }

    /**
     * A redirection, good until this is closed.
     *
     * @return for one of a child's standard streams; for another stream of the same child call this again
     * @throws IllegalStateException if this is closed: the number may be another file's
     * @throws IOException if no more descriptors can be had ({@code EMFILE}): each call holds one
     */
    public synchronized Redirect redirect() throws IOException {
        if (!duplicate.isOpen()) {
            throw new IllegalStateException("closed; start the child before");
        }
        return making.of(this);
    }

    /** Closes the duplicates. Children that were started keep what they have. */
    @Override
    public synchronized void close() throws IOException {
        given.forEach(Duplicates::closeQuietly);
        given.clear();
        duplicate.close();
    }

    @Override
    public String toString() {
        return "JdkRedirect[" + duplicate + "]";
    }
}
