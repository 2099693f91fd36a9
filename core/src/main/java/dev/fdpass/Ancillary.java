package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.linux.ControlSummary;
import dev.fdpass.linux.MessageBlock;
import dev.fdpass.linux.Ucred;
import java.time.Instant;
import java.util.Optional;

/** What the kernel has put beside the bytes and descriptors of a received message, for the {@link ScmOption}s that are set. */
final class Ancillary {
    private final MessageBlock block;
    private final ControlSummary found = new ControlSummary();

    Ancillary(MessageBlock block) {
        this.block = block;
    }

    /** What the last walk over the control messages found. */
    ControlSummary found() {
        return found;
    }

    /**
     * Of a message that was queued before anyone asked for credentials the kernel knows no sender, and says so with
     * process 0 and the numbers that stand for those it cannot name.
     */
    Optional<Credentials> credentials() {
        return found.hasCredentials() && !Ucred.isNobodyKnown(found.pid(), found.uid(), found.gid())
                ? Optional.of(Credentials.of(found.pid(), found.uid(), found.gid()))
                : Optional.empty();
    }

    Optional<Instant> timestamp() {
        return found.hasTimestamp()
                ? Optional.of(Instant.ofEpochSecond(found.seconds(), found.nanos()))
                : Optional.empty();
    }

    Optional<String> securityLabel() {
        return found.securityLength() > 0 ? Optional.of(new String(block.security(found), UTF_8)) : Optional.empty();
    }
}
