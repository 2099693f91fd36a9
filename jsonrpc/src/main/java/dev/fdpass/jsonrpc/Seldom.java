package dev.fdpass.jsonrpc;

import java.util.concurrent.TimeUnit;

/** What a peer can cause as often as it likes is logged once a minute at most, so that it fills no disk. Thread-safe. */
final class Seldom {
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final System.Logger logger;
    private boolean isFirst = true;
    private long last;
    private long suppressed;

    Seldom(System.Logger logger) {
        this.logger = logger;
    }

    void warn(String message) {
        warn(message, System.nanoTime());
    }

    void warn(String message, long now) {
        long before;
        synchronized (this) {
            if (!isFirst && now - last < PAUSE_NANOS) {
                suppressed++;
                return;
            }
            isFirst = false;
            last = now;
            before = suppressed;
            suppressed = 0;
        }
        logger.log(
                System.Logger.Level.WARNING,
                before == 0
                        ? message
                        : message + " (" + before + " more of the kind were not logged since the last one)");
    }
}
