package dev.fdpass.jdk;

import java.util.List;
import java.util.concurrent.ExecutionException;

/** A program that proves everything of {@link Proofs} and writes down what it found, in lines of columns. */
final class ProvesConversions {
    static final String COLUMNS = "\t";
    static final String FAILED = "FAILED";

    private ProvesConversions() {}

    public static void main(String... arguments) {
        List<String> wanted = List.of(arguments);
        Proofs.all()
                .forEach((subject, proofs) -> proofs.forEach((name, proof) -> {
                    if (wanted.isEmpty() || wanted.contains(subject.direction())) {
                        System.out.println(
                                String.join(COLUMNS, subject.object(), subject.direction(), name, outcome(proof)));
                    }
                }));
        System.exit(0); // no thread that a failed proof left behind keeps this from ending
    }

    static String outcome(Proofs.Proof proof) {
        try {
            return proof.prove();
        } catch (Throwable t) {
            Throwable cause = t instanceof ExecutionException ? t.getCause() : t;
            cause.printStackTrace();
            return FAILED + " " + cause;
        }
    }
}
