package dev.fdpass.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.UnixAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** Receivers for tests, and what they receive. */
final class Managers {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Managers() {}

    static NotifyReceiver bind(String kind, Path directory) throws IOException {
        return switch (kind) {
            case "pathname" -> NotifyReceiver.bind(UnixAddress.of(directory.resolve("notify")));
            case "abstract" -> NotifyReceiver.bind(UnixAddress.of("@fdpass-notify-" + UUID.randomUUID()));
            default -> NotifyReceiver.bind();
        };
    }

    /** The fields of the next message, which must have no descriptors. */
    static Map<String, String> next(NotifyReceiver manager) throws IOException {
        try (Notification notification = manager.receive(PATIENCE)) {
            assertThat(notification.fdCount()).isZero();
            return notification.fields();
        }
    }
}
