package dev.fdpass.jdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** A program that proves everything of {@link Proofs} and writes down what it found, in lines of columns. */
final class ProvesConversions {
    static final String COLUMNS = "\t";
    static final String FAILED = "FAILED";

    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private ProvesConversions() {}

    public static void main(String... arguments) throws Exception {
        WarmUp.jdk();
        Proofs.all()
                .forEach((subject, proofs) -> proofs.forEach((name, proof) -> System.out.println(
                        String.join(COLUMNS, List.of(subject.object(), subject.direction(), name, outcome(proof))))));
        System.exit(0); // no thread that a failed proof left behind keeps this from ending
    }

    /** Without those that the JVM opens for itself, for a moment or for good. */
    private static List<String> described(int... numbers) {
        List<String> all = new ArrayList<>();
        for (int number : numbers) {
            try {
                String name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + number))
                        .toString();
                if (!name.matches("/proc/.*|/sys/fs/cgroup/.*|.*\\.(class|jar)")) {
                    all.add(number + " " + name);
                }
            } catch (IOException e) {
                // It is closed.
            }
        }
        return all;
    }

    private static String outcome(Proofs.Proof proof) {
        try {
            int before = described(Numbers.open()).size();
            String outcome = proof.prove();
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            List<String> after = described(Numbers.open());
            while (after.size() != before && System.nanoTime() < deadline) {
                Thread.sleep(5); // a thread of the JDK may still be about to close something
                after = described(Numbers.open());
            }
            return after.size() == before ? outcome : FAILED + ": " + before + " descriptors became " + after;
        } catch (Throwable t) {
            Throwable cause = t instanceof ExecutionException && t.getCause() != null ? t.getCause() : t;
            cause.printStackTrace();
            return FAILED + ": " + cause;
        }
    }
}
