package dev.fdpass.strace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.waiting.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two programs that talk to each other, one of which has system calls that fail. Whatever fails, neither hangs or ends, each
 * closes what it received and nothing else, and the next exchange goes well.
 */
final class FaultyPeers implements AutoCloseable {
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long QUIET_NANOS = 100_000_000L;
    private static final Pattern CLOSE = Pattern.compile("^(\\d+) +close\\((\\d+)");

    private final Path directory;
    private final Peer answering;
    private final Peer asking;
    private final Open openOfAsking;
    private final Open openOfAnswering;
    private final String usual;

    /**
     * What came of it.
     *
     * @param outcomes how each exchange ended
     * @param faults how many system calls failed
     */
    record Tried(List<String> outcomes, int faults) {}

    /**
     * Starts both.
     *
     * @param program a {@link PeerProgram}
     * @param options of its JVM, the class path among them
     * @param directory where they meet
     */
    FaultyPeers(Class<?> program, List<String> options, Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        Path address = directory.resolve("socket");
        Files.deleteIfExists(address);
        answering = new Peer(Side.ANSWERING, program, options, address);
        try {
            asking = new Peer(Side.ASKING, program, options, address);
            usual = exchangeUntilAtRest();
            openOfAsking = new Open(asking);
            openOfAnswering = new Open(answering);
        } catch (Throwable t) {
            answering.close(); // without which the other one ends, too, when its input does
            throw t;
        }
    }

    /**
     * Exchanges until what is made once is made and an exchange leaves open what was open before it: what is still to be closed
     * of one has another number or name than that of the next.
     *
     * @return how an exchange ends
     */
    private String exchangeUntilAtRest() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        String outcome;
        asking.exchange();
        List<Map<Integer, String>> open = openLater();
        List<Map<Integer, String>> before;
        do {
            assertThat(System.nanoTime() - deadline)
                    .as("after a minute of exchanges one still leaves open what was not: " + open)
                    .isNegative();
            before = open;
            outcome = asking.exchange();
            open = openLater();
        } while (!open.equals(before));
        return outcome;
    }

    private List<Map<Integer, String>> openLater() throws IOException {
        LockSupport.parkNanos(QUIET_NANOS);
        return List.of(asking.open(), answering.open());
    }

    /** How an exchange ends when nothing fails. */
    String usual() {
        return usual;
    }

    /** Whether both are there. */
    boolean isAlive() {
        return asking.isAlive() && answering.isAlive();
    }

    /**
     * Has system calls of one side fail, and tells how the exchanges of that time ended.
     *
     * @param side which side
     * @param call such as {@code sendmsg}
     * @param fault as {@code strace} takes it, such as {@code error=ENOMEM:when=1}; counted in each thread by itself
     * @param exchanges how many there are
     */
    Tried inject(Side side, String call, String fault, int exchanges)
            throws IOException, InterruptedException, Strace.NotAllowedException {
        String what = side + ", " + call + ":" + fault;
        List<String> outcomes = new ArrayList<>();
        List<String> log;
        Peer faulty = side == Side.ASKING ? asking : answering;
        try (Strace strace = Strace.attachToAll(
                faulty.pid(), directory.resolve("strace.log"), List.of(call), List.of(call + ":" + fault))) {
            for (int i = 0; i < exchanges; i++) {
                outcomes.add(asking.exchange());
            }
            if (call.equals("close")) {
                awaitTried(strace, side == Side.ASKING ? openOfAsking : openOfAnswering);
            }
            log = strace.detach();
        } catch (AssertionError e) {
            throw new AssertionError(what + ": " + e.getMessage(), e);
        }
        for (int number : notClosed(log)) {
            faulty.close(number);
        }
        awaitClosed(what + ", open afterwards by ");
        assertThat(asking.exchange()).as(what + ": the next exchange").isEqualTo(usual);
        awaitClosed(what + ", open afterwards by ");
        int faults = (int) log.stream().filter(FaultyPeers::isInjected).count();
        return new Tried(outcomes, faults);
    }

    private void awaitClosed(String what) throws IOException {
        openOfAsking.await(what + Side.ASKING);
        openOfAnswering.await(what + Side.ANSWERING);
    }

    /** Waits until all is closed but for what could not be: a close that fails while strace lets go is not written down. */
    private static void awaitTried(Strace strace, Open open) {
        Waiting.soon(() -> open.isUsualBut(notClosed(strace.soFar())));
    }

    private static boolean isInjected(String line) {
        return line.contains("(INJECTED)");
    }

    /** Of a close that was not carried out, the number: it stays open, whoever believes what. */
    private static Set<Integer> notClosed(List<String> log) {
        Map<String, Integer> begun = new HashMap<>(); // by thread: another one's line may stand in between
        Set<Integer> numbers = new HashSet<>();
        for (String line : log) {
            Matcher close = CLOSE.matcher(line);
            if (close.find()) {
                begun.put(close.group(1), Integer.parseInt(close.group(2)));
            }
            Integer number = begun.get(line.substring(0, Math.max(0, line.indexOf(' '))));
            if (isInjected(line) && number != null) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    /** What is open of it when no exchange is under way. */
    private static final class Open {
        private final Peer peer;
        private final Map<Integer, String> usual;

        Open(Peer peer) throws IOException {
            this.peer = peer;
            usual = peer.open();
        }

        boolean isUsualBut(Set<Integer> numbers) throws IOException {
            Map<Integer, String> open = peer.open();
            open.keySet().removeAll(numbers);
            return open.equals(usual);
        }

        /** Waits until it is so again. */
        void await(String what) throws IOException {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            Map<Integer, String> open = peer.open();
            while (!open.equals(usual) && System.nanoTime() < deadline) {
                LockSupport.parkNanos(1_000_000);
                open = peer.open();
            }
            assertThat(open).as(what).isEqualTo(usual);
        }
    }

    @Override
    public void close() throws IOException {
        try (answering) {
            asking.close();
        }
    }
}
