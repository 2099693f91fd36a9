package dev.fdpass.tube;

import dev.fdpass.OwnedFd;
import java.util.Map;

/** What the tests send: a family of messages, as users would write one. */
sealed interface ToWorker {
    record Open(String name, OwnedFd file, Map<String, OwnedFd> more) implements ToWorker {}

    record Ping() implements ToWorker {}

    record Count(int number) implements ToWorker {}

    enum Mode implements ToWorker {
        FAST,
        SLOW
    }
}
