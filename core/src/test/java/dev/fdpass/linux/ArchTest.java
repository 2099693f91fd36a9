package dev.fdpass.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.ChildProcess;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchTest {
    @Test
    void isThatOfTheMachine() throws Exception {
        String machine =
                ChildProcess.run(List.of("uname", "-m")).outputOfSuccess().strip();

        assertThat(Arch.CURRENT.name()).isEqualToIgnoringCase(machine);
    }

    @Test
    void picksTheValueThatBelongsToIt() {
        assertThat(Arch.X86_64.pick(1, 2)).isEqualTo(1);
        assertThat(Arch.AARCH64.pick(1, 2)).isEqualTo(2);
    }

    @Test
    void valuesOfThisMachineAreThoseOfItsArchitecture() {
        assertThat(OpenFlag.O_DIRECTORY.value()).isEqualTo(OpenFlag.O_DIRECTORY.valueOn(Arch.CURRENT));
        assertThat(OpenFlag.O_NOFOLLOW.valueOn(Arch.AARCH64)).isNotEqualTo(OpenFlag.O_NOFOLLOW.valueOn(Arch.X86_64));
    }
}
