package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UnixAddressTest {
    @Test
    void pathnames() {
        UnixAddress address = UnixAddress.of("/run/broker.sock");
        assertThat(address.path()).hasValue(Path.of("/run/broker.sock"));
        assertThat(address.abstractName()).isEmpty();
        assertThat(address.isAbstract()).isFalse();
        assertThat(address.isUnnamed()).isFalse();
        assertThat(address).hasToString("/run/broker.sock");
        assertThat(address).isEqualTo(UnixAddress.of(Path.of("/run/broker.sock")));
        assertThat(address).isEqualTo(UnixAddress.of(UnixDomainSocketAddress.of("/run/broker.sock")));
        assertThat(address).hasSameHashCodeAs(UnixAddress.of(Path.of("/run/broker.sock")));
        assertThat(UnixAddress.of("./@name").path()).hasValue(Path.of("./@name"));
    }

    @Test
    void abstractNames() {
        UnixAddress address = UnixAddress.of("@name");
        assertThat(address.path()).isEmpty();
        assertThat(address.abstractName())
                .hasValueSatisfying(name -> assertThat(name).isEqualTo("name".getBytes(UTF_8)));
        assertThat(address.isAbstract()).isTrue();
        assertThat(address.isUnnamed()).isFalse();
        assertThat(address).hasToString("@name").isEqualTo(UnixAddress.ofAbstract("name".getBytes(UTF_8)));
        assertThat(address).isNotEqualTo(UnixAddress.of("name")).isNotEqualTo(UnixAddress.of("@name2"));
        assertThat(UnixAddress.ofAbstract(new byte[] {'a', 0, 'b', (byte) 0xff, '\\'}))
                .hasToString("@a\\x00b\\xff\\x5c");
        assertThat(UnixAddress.ofAbstract(new byte[] {'a'}))
                .as("trailing NUL bytes count")
                .isNotEqualTo(UnixAddress.ofAbstract(new byte[] {'a', 0}));
    }

    @Test
    void theUnnamedOne() {
        UnixAddress address = UnixAddress.unnamed();
        assertThat(address.isUnnamed()).isTrue();
        assertThat(address.isAbstract()).isFalse();
        assertThat(address.path()).isEmpty();
        assertThat(address.abstractName()).isEmpty();
        assertThat(address).hasToString("(unnamed)").isEqualTo(UnixAddress.of(UnixDomainSocketAddress.of("")));
        assertThat(address).isNotEqualTo(UnixAddress.of("@x")).isNotEqualTo("(unnamed)");
    }

    @Test
    void aFileNamedLikeAnAbstractNameIsNotShownAsOne() {
        UnixAddress file = UnixAddress.of(Path.of("@name"));
        assertThat(file).hasToString("./@name").isNotEqualTo(UnixAddress.of("@name"));
        assertThat(file.path()).hasValue(Path.of("@name"));
    }

    @Test
    void aNameThatIsNoTextIsRefusedAndNotReplaced() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnixAddress.of("@\ud800"))
                .withMessageContaining("UTF-8")
                .withMessageContaining("ofAbstract");
        assertThatIllegalArgumentException().isThrownBy(() -> UnixAddress.of("/\ud800"));
    }

    @Test
    void lengths() {
        assertThat(UnixAddress.of("p".repeat(108)).path()).isPresent();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnixAddress.of("p".repeat(109)))
                .withMessageContaining("109 bytes")
                .withMessageContaining("107")
                .withMessageContaining("108");
        // Bytes count, not characters.
        assertThat(UnixAddress.of("@" + "ü".repeat(53)).abstractName())
                .hasValueSatisfying(name -> assertThat(name).hasSize(106));
        assertThat(UnixAddress.of("@" + "n".repeat(107)).isAbstract()).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnixAddress.of("@" + "n".repeat(108)))
                .withMessageContaining("108 bytes")
                .withMessageContaining("107");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnixAddress.of("@" + "ü".repeat(54)))
                .withMessageContaining("108 bytes");
    }

    @Test
    void nothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnixAddress.of(""))
                .withMessageContaining("unnamed()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnixAddress.of("@"))
                .withMessageContaining("unnamed()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnixAddress.of(Path.of("")))
                .withMessageContaining("0 bytes");
    }

    @Test
    void otherFamilies() {
        assertThatExceptionOfType(UnsupportedAddressTypeException.class)
                .isThrownBy(() -> UnixAddress.of(new InetSocketAddress(1)));
    }

    @Test
    void whatIsGivenOutIsACopy() {
        byte[] name = "name".getBytes(UTF_8);
        UnixAddress address = UnixAddress.ofAbstract(name);
        name[0] = 'X';
        address.abstractName().orElseThrow()[0] = 'Y';
        assertThat(address).hasToString("@name");
    }
}
