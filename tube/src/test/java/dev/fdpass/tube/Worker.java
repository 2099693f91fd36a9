package dev.fdpass.tube;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The worker of {@link TwoProcessesTest}, which serves what comes through descriptor 3. */
final class Worker {
    sealed interface Job {
        /** Wants the files back, in the order of their names. */
        record Sort(Map<String, OwnedFd> files) implements Job {}

        /** Wants each byte of the memory to be one more. */
        record Increment(SharedMemory memory) implements Job {}

        /** Wants a message in the tube. */
        record Greet(Tube<Result, Job> tube) implements Job {}
    }

    sealed interface Result {
        record Sorted(List<OwnedFd> files) implements Result {}

        record Done(long process) implements Result {}
    }

    private Worker() {}

    public static void main(String[] arguments) throws IOException {
        try (var tube = ReplyTube.over(UnixStream.adopt(OwnedFd.adopt(3)), Job.class, Result.class)) {
            tube.serve(4, Worker::work);
        }
        // All that is left are the standard streams and what the JVM has open for itself.
        System.out.println(open());
    }

    private static void work(Request<Job, Result> request) throws Exception {
        try {
            switch (request.message()) {
                case Job.Sort(Map<String, OwnedFd> files) ->
                    request.reply(new Result.Sorted(files.entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(Map.Entry::getValue)
                            .toList()));
                case Job.Increment(SharedMemory memory) -> {
                    try (var arena = java.lang.foreign.Arena.ofConfined()) {
                        var bytes = memory.map(arena);
                        for (long i = 0; i < bytes.byteSize(); i++) {
                            byte old = bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i);
                            bytes.set(java.lang.foreign.ValueLayout.JAVA_BYTE, i, (byte) (old + 1));
                        }
                    }
                    request.reply(new Result.Done(ProcessHandle.current().pid()));
                }
                case Job.Greet(Tube<Result, Job> tube) -> {
                    tube.send(new Result.Done(ProcessHandle.current().pid()));
                    request.reply(new Result.Sorted(List.of()));
                }
            }
        } finally {
            Descriptors.closeAll(request.message());
        }
    }

    /** Descriptors that are left, but for archives of the JVM and whatever this listing opens. */
    private static List<String> open() throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.toList()) {
                if (Integer.parseInt(link.getFileName().toString()) > 2) {
                    String name;
                    try {
                        name = Files.readSymbolicLink(link).toString();
                    } catch (java.nio.file.NoSuchFileException e) {
                        continue;
                    }
                    if (name.startsWith("socket:")
                            || name.startsWith("/memfd:")
                            || name.startsWith("anon_inode:[eventpoll]")) {
                        open.add(name);
                    }
                }
            }
        }
        return open;
    }
}
