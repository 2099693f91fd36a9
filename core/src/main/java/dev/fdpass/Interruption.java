package dev.fdpass;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
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

    /** Throws {@link ClosedByInterruptException} if this thread was the one interrupted. */
    void ends() throws IOException {
        try {
            end(true);
        } catch (ClosedByInterruptException e) {
            // Thread.interrupt() sets the status first and looks for a channel later: if the thread has heard of it
            // elsewhere and cleared the status meanwhile, this channel is closed all the same. Its status is set, says
            // the exception.
            Thread.currentThread().interrupt();
            throw e;
        }
    }

    @Override
    protected void implCloseChannel() {
        close.run();
    }
}
