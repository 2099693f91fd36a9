package dev.fdpass.spawn;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import dev.fdpass.PidFd;
import dev.fdpass.Signal;
import dev.fdpass.linux.Children;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.PosixSpawn;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program that {@link Spawn#start} has started: a {@link Process} as those of {@link ProcessBuilder}.
 *
 * <p>Signals go to this very process, through a descriptor of it, never to another that got its number. It is waited for
 * whether anybody asks or not, so that none stays a zombie; {@link #exitValue} is its status, 128 + n if signal n ended it, and
 * -1 if other code of this process has waited for it (with {@code waitpid(-1, …)}).
 *
 * <p>The streams are those of the pipes that were asked for: {@link Spawn#stdinPipe}, {@link Spawn#stdoutPipe} and
 * {@link Spawn#stderrPipe}; close them. Without a pipe there is nothing to read, and nothing can be written.
 *
 * <p>Safe for use by several threads.
 */
public final class SpawnedProcess extends Process {
    private final int pid;
    private final ProcessHandle handle;
    private final PidFd pidFd;
    private final OutputStream input;
    private final InputStream output;
    private final InputStream errors;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    private SpawnedProcess(int pid, ProcessHandle handle, PidFd pidFd, Pipes pipes) {
        this.pid = pid;
        this.handle = handle;
        this.pidFd = pidFd;
        input = pipes.output(0);
        output = pipes.input(1);
        errors = pipes.input(2);
    }

    /** Of a child that nobody has waited for; ends it if that fails. */
    static SpawnedProcess of(int pid, Pipes pipes) throws IOException {
        PidFd pidFd = null;
        try {
            pidFd = PidFd.open(pid);
            ProcessHandle handle = ProcessHandle.of(pid) // a zombie is still there
                    .orElseThrow(() -> new IOException(
                            "/proc/" + pid + "/stat of the new process cannot be read; is a descriptor free?"));
            SpawnedProcess process = new SpawnedProcess(pid, handle, pidFd, pipes);
            pipes.closeItsEnds();
            Thread.ofVirtual().name("fdpass-child-" + pid).start(process::awaitEnd);
            return process;
        } catch (Throwable t) {
            endBecauseOf(t, pid);
            if (pidFd != null) {
                closeBecauseOf(t, pidFd);
            }
            throw t;
        }
    }

    /** Waits for it only if it ends now: otherwise a thread of its own does. */
    private static void endBecauseOf(Throwable reason, int pid) {
        if (PosixSpawn.kill(pid) == 0) {
            Children.awaitNumber(pid);
            return;
        }
        reason.addSuppressed(new IOException("process " + pid + " may not be ended by this one, and goes on"));
        Thread.ofPlatform().daemon().name("fdpass-child-" + pid).start(() -> Children.awaitNumber(pid));
    }

    private static void closeBecauseOf(Throwable reason, PidFd pidFd) {
        try {
            pidFd.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private void awaitEnd() {
        long result = -1;
        try {
            try {
                pidFd.awaitExit(); // parks, which waiting for the status would not
            } finally {
                result = pidFd.asFd().use(Children::await);
            }
        } catch (IOException e) {
            System.getLogger("dev.fdpass")
                    .log(System.Logger.Level.WARNING, "process " + pid + " could not be waited for", e);
        } finally {
            try {
                pidFd.close();
            } catch (IOException e) {
                // The number is free nevertheless.
            }
            exit.complete((int) Math.max(-1, result));
        }
    }

    /**
     * A descriptor of this process, for example to send.
     *
     * @return a new one, to be closed by itself
     * @throws ClosedChannelException if it has ended and was waited for
     * @throws IOException if no more descriptors can be had ({@code EMFILE})
     */
    public PidFd pidFd() throws IOException {
        OwnedFd duplicate = pidFd.asFd().duplicate();
        try {
            return PidFd.adopt(duplicate);
        } catch (Throwable t) {
            try (duplicate) {
                throw t;
            }
        }
    }

    /**
     * Sends it a signal.
     *
     * @param signal what to send
     * @return whether it was there; false once it has ended and was waited for
     * @throws IOException if it may not be signalled by this process ({@code EPERM})
     */
    public boolean sendSignal(Signal signal) throws IOException {
        try {
            pidFd.sendSignal(signal);
            return true;
        } catch (ClosedChannelException e) {
            return false;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ESRCH.number()) {
                return false; // waited for, and its descriptor is about to be closed
            }
            throw e;
        }
    }

    private void signalIfPossible(Signal signal) {
        try {
            sendSignal(signal);
        } catch (IOException e) {
            // Not allowed, or ended: that of ProcessBuilder says nothing either.
        }
    }

    /** {@return what it reads as its standard input, if {@link Spawn#stdinPipe} was asked for; buffered} */
    @Override
    public OutputStream getOutputStream() {
        return input;
    }

    /** {@return what it writes to its standard output, if {@link Spawn#stdoutPipe} was asked for; else empty} */
    @Override
    public InputStream getInputStream() {
        return output;
    }

    /** {@return what it writes to its standard error, if {@link Spawn#stderrPipe} was asked for; else empty} */
    @Override
    public InputStream getErrorStream() {
        return errors;
    }

    @Override
    public int waitFor() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            throw new AssertionError("it only completes normally", e);
        }
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            exit.get(timeout, unit);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("it only completes normally", e);
        }
    }

    @Override
    public int exitValue() {
        if (!exit.isDone()) {
            throw new IllegalThreadStateException("process " + pid + " has not exited");
        }
        return exit.join();
    }

    @Override
    public boolean isAlive() {
        return !exit.isDone();
    }

    @Override
    public CompletableFuture<Process> onExit() {
        return exit.thenApply(status -> this);
    }

    /** Asks it to end: {@code SIGTERM}. Its streams stay open. */
    @Override
    public void destroy() {
        signalIfPossible(Signal.SIGTERM);
    }

    /** Ends it: {@code SIGKILL}. Its streams stay open. */
    @Override
    public Process destroyForcibly() {
        signalIfPossible(Signal.SIGKILL);
        return this;
    }

    /** {@return true: {@link #destroy} leaves it the chance to end in order} */
    @Override
    public boolean supportsNormalTermination() {
        return true;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public ProcessHandle toHandle() {
        return handle;
    }

    @Override
    public String toString() {
        return "SpawnedProcess[process " + pid + ", " + (exit.isDone() ? "exit status " + exit.join() : "running")
                + "]";
    }
}
