package dev.fdpass.spawn;

import dev.fdpass.AsFd;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.linux.Exec;
import dev.fdpass.linux.PosixSpawn;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A program to be started with descriptors, which {@link ProcessBuilder} cannot.
 *
 * <pre>{@code
 * try (var log = OwnedFd.open(Path.of("/var/log/app.log"), APPEND)) {
 *     Process worker = Spawn.of("worker", "--log-fd=3").fd(3, log).start();
 * }
 * }</pre>
 *
 * <p>The program gets exactly the descriptors that are named, at the numbers that are named, and nothing else, whatever this
 * JVM and its libraries have open. Standard input, output and error (0, 1, 2) are {@code /dev/null} if nothing else is said.
 * The numbers may overlap with those that the descriptors have here. They are borrowed when {@link #start} or {@link #exec}
 * runs, and stay yours.
 *
 * <p>No signal is blocked in the program, and those that this JVM handles have their default action; those that are ignored
 * stay ignored, but for {@code SIGCHLD}: {@link #start} gives it its default action in this process, as
 * {@link ProcessBuilder} does, since nobody could learn how a child ended. It has the resource limits of this process: a JVM
 * raises its soft {@code RLIMIT_NOFILE} to the hard one.
 *
 * <p>Immutable: each method returns another description. Safe for use by several threads. Needs Linux 5.4, and a libc with
 * {@code posix_spawn_file_actions_addclosefrom_np} (glibc 2.34) to {@link #start}; Linux 5.11 to {@link #exec}. Man pages:
 * {@code posix_spawn(3)}, {@code execve(2)}.
 */
public final class Spawn {
    /** The working directory is the whole process's. */
    private static final ReentrantLock EXEC = new ReentrantLock();

    private final List<String> command;
    private final Layout layout;
    private final Environment environment;
    private final @Nullable Path directory;

    private Spawn(List<String> command, Layout layout, Environment environment, @Nullable Path directory) {
        this.command = command;
        this.layout = layout;
        this.environment = environment;
        this.directory = directory;
    }

    /**
     * A program and its arguments.
     *
     * @param command the program, which is looked for in the {@code PATH} of this process if it has no slash, as
     *     {@code execvp(3)} does; then its arguments
     * @return the description
     */
    public static Spawn of(String... command) {
        return of(List.of(command));
    }

    /**
     * A program and its arguments.
     *
     * @param command as for {@link #of(String...)}
     * @return the description
     */
    public static Spawn of(List<String> command) {
        List<String> copy = List.copyOf(command);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("the command is empty; it must have at least the name of a program");
        }
        for (String word : copy) {
            if (word.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "\"" + word.replace("\0", "\\0") + "\" in the command contains a NUL character; leave it out");
            }
        }
        return new Spawn(copy, Layout.EMPTY, Environment.OWN, null);
    }

    /**
     * Whether programs can be started so.
     *
     * @return false where libc cannot close all other descriptors in a child: musl, and glibc before 2.34
     */
    public static boolean isSupported() {
        Descriptors.getFlags(0); // says so if this is another system, or native access is missing
        return PosixSpawn.isSupported();
    }

    /**
     * Gives the program a descriptor.
     *
     * @param number what it is to be there, 0 or more; below {@code RLIMIT_NOFILE} by at least as many as the program gets
     * @param fd a descriptor, which must stay open until the program is started
     * @return such a description
     * @throws IllegalArgumentException if something is to be at that number already
     */
    public Spawn fd(int number, AsFd fd) {
        return with(layout.withFd(number, fd));
    }

    /**
     * Gives the program the standard input, output and error of this process, where nothing else is said. If it was
     * started without one of them, the JVM has a file of its own in its place: that, and whatever is close-on-exec there, is
     * {@code /dev/null} in the program. What other code of this process opened there cannot be told from what was inherited
     * if it is not close-on-exec, as is a {@link java.io.FileInputStream}.
     *
     * @return such a description
     */
    public Spawn inheritIo() {
        return with(layout.inheriting());
    }

    /**
     * What is written to {@link SpawnedProcess#getOutputStream} becomes the standard input of the program.
     *
     * @return such a description
     * @throws IllegalArgumentException if something is to be at 0 already
     */
    public Spawn stdinPipe() {
        return with(layout.withPipe(0));
    }

    /**
     * The standard output of the program can be read from {@link SpawnedProcess#getInputStream}.
     *
     * @return such a description
     * @throws IllegalArgumentException if something is to be at 1 already
     */
    public Spawn stdoutPipe() {
        return with(layout.withPipe(1));
    }

    /**
     * The standard error of the program can be read from {@link SpawnedProcess#getErrorStream}.
     *
     * @return such a description
     * @throws IllegalArgumentException if something is to be at 2 already
     */
    public Spawn stderrPipe() {
        return with(layout.withPipe(2));
    }

    /**
     * The standard error of the program goes where its standard output goes, as with
     * {@link ProcessBuilder#redirectErrorStream}.
     *
     * @return such a description
     * @throws IllegalArgumentException if something is to be at 2 already
     */
    public Spawn stderrToStdout() {
        return with(layout.merging());
    }

    private Spawn with(Layout changed) {
        return new Spawn(command, changed, environment, directory);
    }

    /**
     * The environment of the program, instead of that of this process and of what was said of variables before.
     *
     * @param variables all of them
     * @return such a description
     */
    public Spawn environment(Map<String, String> variables) {
        return with(Environment.of(variables));
    }

    /**
     * Sets a variable of the program, besides the others that it has.
     *
     * @param name its name, without {@code '='}
     * @param value its value
     * @return such a description
     */
    public Spawn variable(String name, String value) {
        return with(environment.with(name, value));
    }

    /**
     * Leaves out a variable, of this process's environment or said before.
     *
     * @param name its name, whether there is such a variable or not
     * @return such a description
     */
    public Spawn withoutVariable(String name) {
        return with(environment.without(name));
    }

    List<String> command() {
        return command;
    }

    private Spawn with(Environment changed) {
        return new Spawn(command, layout, changed, directory);
    }

    /**
     * Where the program begins. A relative name of it is looked for from there.
     *
     * @param directory a directory, instead of the working directory of this process
     * @return such a description
     * @throws IllegalArgumentException if it is not of the default file system
     */
    public Spawn directory(Path directory) {
        if (directory.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(directory + " belongs to " + directory.getFileSystem()
                    + "; a program can only begin in the default file system");
        }
        return new Spawn(command, layout, environment, directory);
    }

    /**
     * Where the program is now, as {@code execvp(3)} would look for it: to find out early that it is not there. Nothing is
     * started.
     *
     * @return its absolute path
     * @throws java.nio.file.NoSuchFileException if it is not there, cannot be executed, or has a path that is no text
     * @throws IOException if that cannot be found out
     */
    public Path program() throws IOException {
        return Path.of(Program.find(command.getFirst(), directory));
    }

    /**
     * Has a variable hold the program's own process number, such as {@code LISTEN_PID} of {@code sd_listen_fds(3)}. Several
     * variables may.
     *
     * <p>Nobody knows that number before the process is there, so {@link #start} has {@code /bin/sh} set the variable and
     * execute the program in its place. The shell leaves descriptors alone, but not the environment: {@code _} and
     * {@code OPTIND} are left out, {@code PWD} and {@code SHLVL} are the shell's own if there are such variables, and what
     * has no name for a shell, such as {@code a.b}, may be missing. What keeps the program from being executed is then told
     * by exit status 126 or 127 and a message to its standard error, but for a program that is not there. {@link #exec}
     * needs no shell.
     *
     * @param variable a name of letters, digits and underscores that does not begin with a digit
     * @return such a description
     */
    public Spawn processNumberIn(String variable) {
        return with(environment.withNumberIn(variable));
    }

    /**
     * Starts the program.
     *
     * @return the process, which executes the program already
     * @throws IllegalArgumentException if a descriptor is closed
     * @throws java.nio.file.NoSuchFileException if there is no such program, or no such directory
     * @throws java.nio.file.AccessDeniedException if it may not be executed, or the directory not be entered
     * @throws java.nio.file.NotDirectoryException if the directory is something else
     * @throws UnsupportedOperationException if libc or the kernel lack what it takes; {@link #isSupported} tells
     * @throws dev.fdpass.ErrnoException if it cannot be executed for another reason: {@code E2BIG}, {@code ENOEXEC},
     *     {@code EAGAIN} (too many processes), {@code EMFILE}
     * @throws IOException in general
     */
    public SpawnedProcess start() throws IOException {
        boolean byShell = !environment.numbersIn().isEmpty();
        SequencedMap<String, byte[]> variables =
                (byShell ? environment.without(NumberShell.SPOILING) : environment).variables();
        List<String> words = byShell
                ? NumberShell.wrap(NumberShell.SHELL, command, variables.keySet(), directory, environment.numbersIn())
                : command;
        Prepared prepared = new Prepared(words, List.copyOf(variables.values()), directory);
        Pipes pipes = Pipes.open(layout.piped());
        try {
            int pid;
            try (Duplicates descriptors = layout.duplicate(pipes);
                    Places places = Places.open(directory)) {
                checkSupported();
                pid = prepared.spawn(descriptors.plan(), places.directory());
            } // now a number is free for the pidfd
            return SpawnedProcess.of(pid, pipes);
        } catch (Throwable t) {
            pipes.closeBecauseOf(t);
            throw t;
        }
    }

    /** After a system call, which says so if native access is missing. */
    private static void checkSupported() {
        if (!PosixSpawn.isSupported()) {
            throw new UnsupportedOperationException(
                    "this libc has no posix_spawn_file_actions_addclosefrom_np(3), without"
                            + " which a child might get descriptors that it is not to have; it needs glibc 2.34");
        }
    }

    /**
     * Becomes the program: its process is this one, with this number, and everything of this JVM ends, without shutdown
     * hooks. Flush what is to be written before.
     *
     * <p>Returns only by an exception, and then everything is as it was before. For a moment the process is in the
     * program's {@link #directory}, and so are programs that other threads start meanwhile without naming one; another call
     * of this waits its turn. Locks of {@link java.nio.channels.FileChannel#lock} end.
     *
     * @throws IllegalStateException if it is to have a pipe, at the other end of which would be nobody
     * @throws IllegalArgumentException if a descriptor is closed
     * @throws UnsupportedOperationException if the kernel is older than Linux 5.11
     * @throws IOException as for {@link #start}
     */
    public void exec() throws IOException {
        if (!layout.piped().isEmpty()) {
            throw new IllegalStateException(
                    "descriptor " + layout.piped().iterator().next()
                            + " is to be a pipe, and this process, which is to be at its other end, becomes the program");
        }
        Environment complete = environment.withNumber(ProcessHandle.current().pid());
        Prepared prepared =
                new Prepared(command, List.copyOf(complete.variables().values()), directory);
        Exec.Failure failure;
        EXEC.lock(); // or another would go back to where this one begins
        try (Duplicates descriptors = layout.duplicate(Pipes.NONE);
                Places places = Places.openAbove(descriptors.last(), directory)) {
            failure = prepared.exec(descriptors.plan(), places);
        } finally {
            EXEC.unlock();
        }
        throw prepared.failed(failure);
    }

    /** The command, and the numbers of the descriptors and pipes that it gets. */
    @Override
    public String toString() {
        return "Spawn" + command + " with " + layout;
    }
}
