package dev.fdpass.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of object, to and from descriptors, without any flag: everything of {@link Proofs}. */
class ConversionsTest {
    @BeforeAll
    static void openWhatTheJdkKeepsOpen() throws Exception {
        WarmUp.jdk();
    }

    static Stream<Arguments> proofs() {
        List<Arguments> all = new ArrayList<>();
        Proofs.all()
                .forEach((subject, proofs) ->
                        proofs.forEach((name, proof) -> all.add(Arguments.of(subject, name, proof))));
        return all.stream();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("proofs")
    void isProved(Proofs.Subject unusedSubject, String unusedName, Proofs.Proof proof) throws Exception {
        assertThat(Proofs.hasFlags()).as("this JVM has no flags").isFalse();
        proof.prove();
    }
}
