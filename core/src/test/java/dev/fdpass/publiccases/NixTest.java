package dev.fdpass.publiccases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.Credentials;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmOption;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.SocketType;
import dev.fdpass.testing.Text;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases of the Rust crate {@code nix} with several control messages in one ({@code test_socket.rs}). */
class NixTest {
    private static void credentialsAndRights(SocketType type, int room) throws IOException {
        try (Memfds files = new Memfds(1);
                SocketPair<? extends ScmSocket> pair = type.pair();
                ScmMessage message = ScmMessage.allocate(5, 1)) {
            pair.second().setOption(ScmOption.SO_PASSCRED, true);
            message.payload().put(Text.buffer("hello"));
            message.addCredentials(Credentials.ofSelf()).addFd(files.get(0));
            pair.first().send(message);
            try (Received received = pair.second().receive(10, room)) {
                assertThat(Text.of(received.data())).isEqualTo("hello");
                assertThat(received.credentials()).contains(Credentials.ofSelf());
                assertThat(received.fdCount()).isEqualTo(1);
                assertThat(received.isPayloadTruncated()).isFalse();
                assertThat(received.isControlTruncated()).isFalse();
                try (OwnedFd fd = received.takeFd(0)) {
                    assertThat(fd.info().isSameFile(files.get(0).asFd().info())).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R05: test_scm_credentials_and_rights, with room for just that")
    void scmCredentialsAndRights(SocketType type) throws IOException {
        credentialsAndRights(type, 1);
    }

    @ParameterizedTest
    @EnumSource(SocketType.class)
    @DisplayName("R05: test_too_large_cmsgspace")
    void tooLargeCmsgspace(SocketType type) throws IOException {
        credentialsAndRights(type, ScmMessage.SCM_MAX_FDS);
    }
}
