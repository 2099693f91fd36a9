package dev.fdpass.bench.run;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One contender doing one work. */
public interface Lane extends AutoCloseable {
    /** What one end does: on a work of one thread the near end does it all. */
    interface End {
        /** Does its part of so many operations. */
        void run(int operations) throws IOException;
    }

    /** {@return what the measuring thread runs} */
    End near();

    /** {@return what the second thread runs; null on a work of one thread} */
    @Nullable
    End far();

    /**
     * Makes both ends fail soon if they wait for each other; called, from either thread, when one has failed. Nothing can be
     * run afterwards.
     *
     * @throws IOException if it cannot
     */
    void stop() throws IOException;

    /** {@return nanoseconds of the last run by the clock of another process; -1 where the clock of this one counts} */
    default long ownNanos() {
        return -1;
    }

    /** {@return whether what it allocates can be seen from here} */
    default boolean isInThisProcess() {
        return true;
    }

    @Override
    void close() throws IOException;
}
