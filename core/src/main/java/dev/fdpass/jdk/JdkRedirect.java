package dev.fdpass.jdk;

import dev.fdpass.AsFd;
import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.function.Function;

/**
 * A descriptor as standard input, output or error of a child process that {@link ProcessBuilder} starts.
 *
 * <pre>{@code
 * try (JdkRedirect log = JdkRedirect.to(fd)) {
 *     new ProcessBuilder("make").redirectOutput(log.redirect()).start();
 * }
 * }</pre>
 *
 * <p>It holds a duplicate, which {@link #close} closes; to be closed when the child has been started, and not before. What
 * the child has then is its own. Immutable, and safe for use by several threads.
 *
 * <p>{@link #from} and {@link #to} need {@code --add-opens java.base/java.lang=dev.fdpass} and
 * {@code --add-opens java.base/java.io=dev.fdpass}: the JDK has no public way to give a child a descriptor. Without flags
 * {@code dev.fdpass.spawn.Spawn} starts children with any descriptors, and {@link #reopenFrom} and {@link #reopenTo} do for
 * files and pipes for which a <em>new</em> open file description is good enough.
 */
public final class JdkRedirect implements AutoCloseable {
    private final OwnedFd duplicate;
    private final Redirect redirect;

    private JdkRedirect(OwnedFd duplicate, Redirect redirect) {
        this.duplicate = duplicate;
        this.redirect = redirect;
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
        return hold(fd, duplicate -> internals.redirect(duplicate.number()));
    }

    /**
     * The child reads what opening the file of the descriptor anew gives, through {@code /proc/self/fd}: a <em>new</em> open file
     * description. It begins at the start of a regular file, moves no position but its own, and needs permission to open the
     * file. Of a pipe it is another reader, as good as the first.
     *
     * @param source a regular file, memory file, pipe or device
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
     * @param target a regular file, memory file, pipe or device
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
        return hold(fd, duplicate -> redirect.apply(new File("/proc/self/fd/" + duplicate.number())));
    }

    private static JdkRedirect hold(AsFd fd, Function<OwnedFd, Redirect> redirect) throws IOException {
        OwnedFd duplicate = fd.asFd().duplicate();
        try {
            return new JdkRedirect(duplicate, redirect.apply(duplicate));
        } catch (Throwable t) {
            try (duplicate) {
                throw t;
            }
        }
    }

    /**
     * The redirection, good until this is closed.
     *
     * @return for one or several of a child's standard streams
     * @throws IllegalStateException if this is closed: the number may be another file's
     */
    public Redirect redirect() {
        if (!duplicate.isOpen()) {
            throw new IllegalStateException("closed; start the child before");
        }
        return redirect;
    }

    /** Closes the duplicate. Children that were started keep what they have. */
    @Override
    public void close() throws IOException {
        duplicate.close();
    }

    @Override
    public String toString() {
        return "JdkRedirect[" + duplicate + "]";
    }
}
