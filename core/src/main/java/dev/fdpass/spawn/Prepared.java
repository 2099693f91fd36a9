package dev.fdpass.spawn;

import dev.fdpass.internal.KernelErrors;
import dev.fdpass.linux.DescriptorPlan;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.Exec;
import dev.fdpass.linux.NativeText;
import dev.fdpass.linux.PosixSpawn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A command and an environment as the kernel takes them, so that what cannot be said in bytes shows before anything is done. */
final class Prepared {
    private final List<String> command;
    private final List<byte[]> arguments;
    private final List<byte[]> environment;
    private final @Nullable Path directory;

    Prepared(List<String> command, List<byte[]> environment, @Nullable Path directory) {
        this.command = command;
        this.arguments = command.stream().map(NativeText::bytes).toList();
        this.environment = environment;
        this.directory = directory;
    }

    /** Starts it; gives its process number. */
    int spawn(DescriptorPlan descriptors, int place) throws IOException {
        long pid = PosixSpawn.spawn(arguments.getFirst(), arguments, environment, descriptors, place);
        if (pid < 0) {
            throw Program.failed("posix_spawn", command, environment, directory, pid);
        }
        return (int) pid;
    }

    Exec.Failure exec(DescriptorPlan descriptors, Places places) {
        List<byte[]> programs = Program.candidates(command.getFirst());
        return Exec.exec(programs, arguments, environment, descriptors, places.directory(), places.back());
    }

    IOException failed(Exec.Failure failure) {
        long result = failure.result();
        String call = failure.step().name().toLowerCase(Locale.ROOT);
        return switch (failure.step()) {
            case CLOSE_RANGE -> {
                if (Errno.ENOSYS.is(result) || Errno.EINVAL.is(result)) {
                    throw new UnsupportedOperationException(
                            "this kernel's close_range(2) cannot set close-on-exec; it needs Linux 5.11");
                }
                yield KernelErrors.of(call, result);
            }
            case EXECVE -> Program.failed(call, command, environment, directory, result);
            case FCHDIR ->
                Errno.EACCES.is(result)
                        ? Program.failed(call, command, environment, directory, result)
                        : KernelErrors.of(call + " " + directory, result);
            case DUP3, RT_SIGPROCMASK -> KernelErrors.of(call, result);
        };
    }
}
