package dev.fdpass.bench.run;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Somebody who passes descriptors. */
public interface Contender {
    /** {@return its name on the command line and in the tables} */
    String name();

    /**
     * Gets ready for a work.
     *
     * @param work what to do
     * @param sent the descriptors to send, {@link Work#fds()} of them
     * @return what does it; null if this contender cannot do this work
     * @throws UnavailableException if this contender is missing here, for whatever work
     * @throws IOException if it cannot
     */
    @Nullable
    Lane open(Work work, SentFds sent) throws IOException, UnavailableException;
}
