package dev.fdpass.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenVariablesTest {
    private static final long SELF = 4711;

    @Test
    void namesAreThoseOfTheVariable() {
        assertThat(read(variables("4711", "3", "http:https:http"), SELF).names())
                .containsExactly("http", "https", "http");
    }

    @Test
    void withoutTheVariableAllAreUnknown() {
        assertThat(read(variables("4711", "2", null), SELF).names()).containsExactly("unknown", "unknown");
    }

    @Test
    void anEmptyNameIsOne() {
        assertThat(read(variables("4711", "1", ""), SELF).names()).containsExactly("");
        assertThat(read(variables("4711", "2", ":"), SELF).names()).containsExactly("", "");
    }

    @Test
    void whatIsMeantForAnotherProcessIsNothing() {
        assertThat(read(variables("4712", "nonsense", null), SELF).names()).isEmpty();
        assertThat(read(variables(null, "3", null), SELF).names()).isEmpty();
        assertThat(read(variables("4711", null, null), SELF).names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "-1", "+1", "1 ", "one", "2147483645", "99999999999999999999", "9999999999999999999"})
    void whatIsNoCountIsSaid(String fds) {
        assertThatThrownBy(() -> read(variables("4711", fds, null), SELF))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("LISTEN_FDS is \"" + fds + "\"; it must be how many descriptors there are, 1 to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-4711", "x"})
    void whatIsNoProcessIsSaid(String pid) {
        assertThatThrownBy(() -> read(variables(pid, "1", null), SELF))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("LISTEN_PID is \"" + pid + "\"; it must be the number of a process, 1 to");
    }

    @ParameterizedTest
    @CsvSource({"1,a:b,2", "3,a:b,2", "2,'',1"})
    void asManyNamesAsDescriptorsMustBeThere(String fds, String names, int count) {
        assertThatThrownBy(() -> read(variables("4711", fds, names), SELF))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "LISTEN_FDNAMES has " + count + " names (\"" + names + "\"), and LISTEN_FDS is " + fds);
    }

    @Test
    void aHugeCountNeedsNoMemory() {
        assertThat(read(variables("4711", "2147483644", null), SELF).names()).hasSize(2147483644);
    }

    @Test
    void aNumberThatCameAgainIsAnotherProcess() {
        Map<String, String> variables = variables("4711", "1", "a");
        variables.put("LISTEN_PIDFDID", "9000");
        assertThat(ListenVariables.read(variables, SELF, () -> OptionalLong.of(9000))
                        .names())
                .containsExactly("a");
        assertThat(ListenVariables.read(variables, SELF, () -> OptionalLong.of(9001))
                        .names())
                .isEmpty();
        assertThat(ListenVariables.read(variables, SELF, OptionalLong::empty).names())
                .containsExactly("a");
        variables.put("LISTEN_PIDFDID", "x");
        assertThatThrownBy(() -> ListenVariables.read(variables, SELF, OptionalLong::empty))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("LISTEN_PIDFDID is \"x\"; it must be the inode of a pidfd, 1 to");
    }

    private static ListenVariables read(Map<String, String> variables, long self) {
        return ListenVariables.read(variables, self, () -> {
            throw new AssertionError("nothing names a pidfd");
        });
    }

    private static Map<String, String> variables(String pid, String fds, String names) {
        Map<String, String> all = new HashMap<>();
        all.put("LISTEN_PID", pid);
        all.put("LISTEN_FDS", fds);
        all.put("LISTEN_FDNAMES", names);
        all.values().removeIf(value -> value == null);
        return all;
    }
}
