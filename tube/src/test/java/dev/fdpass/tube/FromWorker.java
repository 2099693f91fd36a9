package dev.fdpass.tube;

import dev.fdpass.OwnedFd;
import java.util.List;

/** What the tests answer. */
sealed interface FromWorker {
    record Opened(List<OwnedFd> files) implements FromWorker {}

    record Pong(int number) implements FromWorker {}
}
