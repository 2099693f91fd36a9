package dev.fdpass;

import java.io.IOException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Hears of {@link Thread#interrupt()} while a thread waits. The JDK tells only channels, so this is one, of which
 * nothing but that is used.
 */
final class Interruption extends AbstractInterruptibleChannel {
    private final Runnable close;

    /** Runs {@code close}, which must not wait, when a thread between {@link #begins} and {@link #ends} is interrupted. */
    Interruption(Runnable close) {
        this.close = close;
    }

    void begins() {
        begin();
    }

    /** Throws {@link java.nio.channels.ClosedByInterruptException} if this thread was the one interrupted. */
    void ends() throws IOException {
        end(true);
    }

    @Override
    protected void implCloseChannel() {
        close.run();
    }
}
