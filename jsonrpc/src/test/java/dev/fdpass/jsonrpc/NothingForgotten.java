package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Around a test: no descriptor is closed by a cleaner, which would hide from those who count that nobody else closed it. */
final class NothingForgotten implements BeforeEachCallback, AfterEachCallback {
    private static final Logger LOGGER = Logger.getLogger("dev.fdpass");

    private final List<String> forgotten = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord log) {
            if (log.getMessage().contains("was never closed")) {
                forgotten.add(log.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @Override
    public void beforeEach(ExtensionContext context) {
        LOGGER.addHandler(handler);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        LOGGER.removeHandler(handler);
        assertThat(forgotten).isEmpty();
    }
}
