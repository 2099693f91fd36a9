package dev.fdpass.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import dev.fdpass.jdk.WarmUp;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.linux.Arch;
import dev.fdpass.linux.Errno;
import dev.fdpass.linux.Syscall;
import dev.fdpass.testing.LibcCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A program that runs the scenario that its input names, as many rounds as it says, and prints how each round ended and what it
 * left open. What it says first are the numbers of the threads to tamper
 * with: that of the operations, and that which carries those in a virtual thread.
 */
public final class FaultyProgram {
    private static final PrintStream OUT = new PrintStream(System.out, false, UTF_8);

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static volatile int workerThread;

    private FaultyProgram() {}

    /** Whether the thread that is tampered with waits in {@code ppoll(2)}. */
    static boolean workerPolls() throws IOException {
        return Files.readString(Path.of("/proc/self/task/" + workerThread + "/syscall"))
                .startsWith(Syscall.PPOLL.numberOn(Arch.CURRENT) + " ");
    }

    public static void main(String... arguments) throws Exception {
        System.setOut(System.err); // the protocol's stream is nobody else's
        loadEverything();
        Worker worker = new Worker(Thread.ofPlatform().daemon());
        Worker virtual = new Worker(Thread.ofVirtual());
        workerThread = worker.start();
        say("threads\t" + workerThread + "\t" + virtual.start());
        Thread.startVirtualThread(FaultyProgram::keepCarrier);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        String request;
        while ((request = in.readLine()) != null) {
            String[] words = request.split("\t", -1);
            run(
                    words[1].startsWith(VirtualScenarios.VIRTUALLY) ? virtual : worker,
                    Integer.parseInt(words[0]),
                    Scenarios.ALL.get(words[1]));
        }
        System.exit(0);
    }

    /** The only carrier would end, and another begin, if it had nothing to do for a while. */
    private static void keepCarrier() {
        try {
            while (true) {
                Thread.sleep(1000);
            }
        } catch (InterruptedException e) {
            // The program is over.
        }
    }

    private static void say(String line) {
        OUT.println(line);
        OUT.flush();
    }

    private static void run(Worker worker, int rounds, Scenario scenario) throws Exception {
        Map<String, Integer> before = open();
        try (Stage stage = new Stage()) {
            scenario.arrange(stage);
            for (int round = 1; round <= rounds; round++) {
                stage.prepare();
                Worker.End end = worker.run(stage.operation());
                say("round\t" + round + "\t" + Outcome.of(end) + seen(stage, end));
                if (end.result() instanceof AutoCloseable closeable) {
                    closeable.close();
                }
            }
        } catch (Exception e) {
            say("broken\t" + oneLine(e));
        }
        Map<String, Integer> after = openWhenClosed(before);
        before.forEach((what, number) -> {
            if (!after.containsKey(what)) {
                say("lost\t" + what);
            }
        });
        after.forEach((what, number) -> {
            if (!before.containsKey(what)) {
                say("left\t" + what);
                dispose(what, number);
            }
        });
        say("done");
    }

    private static String seen(Stage stage, Worker.End end) {
        try {
            return stage.look(end.failure() != null);
        } catch (Throwable t) {
            return "; BROKEN: " + oneLine(t) + (end.failure() == null ? "" : ", after " + oneLine(end.failure()));
        }
    }

    private static String oneLine(Throwable t) {
        StackTraceElement[] trace = t.getStackTrace();
        String where = Stream.of(trace)
                .filter(element -> element.getClassName().startsWith("dev.fdpass"))
                .limit(3)
                .toList()
                .toString();
        return (t + " " + where).replaceAll("\\s+", " ");
    }

    /** As {@link #open}, once those have been closed that nobody wants, which threads of their own do. */
    private static Map<String, Integer> openWhenClosed(Map<String, Integer> before) throws Exception {
        long begin = System.nanoTime();
        while (areClosing() && System.nanoTime() - begin < PATIENCE_NANOS) {
            Thread.sleep(1);
        }
        Map<String, Integer> open = open();
        for (int i = 0; i < 20 && !before.keySet().containsAll(open.keySet()); i++) {
            Thread.sleep(5);
            open = open();
        }
        return open;
    }

    /**
     * Whether a thread of the library may still have something to close: one that closes what nobody wants, unless it waits for
     * more; or the one for which virtual threads wait, until it ends.
     */
    private static boolean areClosing() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("fdpass-parking")
                        || (thread.getName().equals("fdpass-closer")
                                && thread.getState() != Thread.State.TIMED_WAITING));
    }

    /** Descriptors, and mappings of memory files, by {@code number name} and {@code from-to}. */
    private static Map<String, Integer> open() throws IOException {
        Map<String, Integer> open = new TreeMap<>();
        DescriptorLeakCheck.openDescriptors().forEach((number, name) -> open.put("fd " + number + " " + name, number));
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            if (line.contains("/memfd:")) {
                open.put("mapping " + line.substring(0, line.indexOf(' ')), -1);
            }
        }
        return open;
    }

    /** What was left because its closing was tampered with, so that the next run begins as this one did. */
    private static void dispose(String what, int number) {
        if (number >= 0) {
            LibcCalls.close(number);
        } else {
            LibcCalls.unmap(what.substring("mapping ".length()));
        }
    }

    /**
     * Loads the classes of the library and of this package: a class that is first needed after a fault is read from its
     * file by the very thread whose system calls are tampered with.
     */
    private static void loadEverything() throws Exception {
        for (Class<?> one : List.of(OwnedFd.class, FaultyProgram.class)) {
            Path home = Path.of(URI.create(
                    one.getProtectionDomain().getCodeSource().getLocation().toString()));
            for (Path file : classFiles(home)) {
                String name = home.relativize(file).toString();
                String type =
                        name.substring(0, name.length() - ".class".length()).replace('/', '.');
                if (type.startsWith("dev.fdpass.") && (one == OwnedFd.class || isOfThisPackage(type))) {
                    Class.forName(type);
                }
            }
        }
        WarmUp.sockets();
        Outcome.of(new Worker.End(null, new IOException(new ErrnoException("warm up", Errno.EPERM.number()))));
    }

    private static boolean isOfThisPackage(String type) {
        return type.startsWith(FaultyProgram.class.getPackageName() + ".") && !type.contains("Test");
    }

    private static List<Path> classFiles(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return new ArrayList<>(
                    files.filter(file -> file.toString().endsWith(".class")).toList());
        }
    }
}
