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

    private ProvesConversions() {}

    public static void main(String... arguments) throws Exception {
        WarmUp.jdk();
        Proofs.all()
                .forEach((subject, proofs) -> proofs.forEach((name, proof) -> System.out.println(
                        String.join(COLUMNS, List.of(subject.object(), subject.direction(), name, outcome(proof))))));
        System.exit(0); // no thread that a failed proof left behind keeps this from ending
    }

    private static List<String> described(int... numbers) throws IOException {
        List<String> all = new ArrayList<>();
        for (int number : numbers) {
            Path link = Path.of("/proc/self/fd/" + number);
            all.add(number + " " + (Files.isSymbolicLink(link) ? Files.readSymbolicLink(link) : "closed"));
        }
        return all;
    }

    private static String outcome(Proofs.Proof proof) {
        try {
            int before = Numbers.open().length;
            String outcome = proof.prove();
            int[] after = Numbers.open();
            return after.length == before
                    ? outcome
                    : FAILED + ": " + before + " descriptors became " + described(after);
        } catch (Throwable t) {
            Throwable cause = t instanceof ExecutionException && t.getCause() != null ? t.getCause() : t;
            cause.printStackTrace();
            return FAILED + ": " + cause;
        }
    }
}
