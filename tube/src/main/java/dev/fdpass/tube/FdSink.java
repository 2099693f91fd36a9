package dev.fdpass.tube;

import dev.fdpass.AsFd;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Collects the descriptors of a message that is being encoded. They are borrowed. For one thread. */
public final class FdSink {
    private final List<AsFd> fds = new ArrayList<>();

    FdSink() {}

    /**
     * Adds a descriptor. One that is added twice travels twice, and is two descriptors for the receiver.
     *
     * @param fd the descriptor
     * @return its index in this message, from 0
     * @throws IllegalArgumentException if it is closed, or the receiver would refuse it: memory that is not sealed against
     *     shrinking, a tube on a stream that has received already
     * @throws IOException if it cannot be asked
     */
    public int add(AsFd fd) throws IOException {
        if (!fd.asFd().isOpen()) {
            throw new IllegalArgumentException(fd + " is closed; what is sent must be open until then");
        }
        switch (fd) {
            case SharedMemory memory
            when !memory.seals().contains(Seal.SHRINK) ->
                throw new IllegalArgumentException(
                        memory + " is not sealed against shrinking, and no receiver would dare to"
                                + " map it; call addSeals(Seal.SHRINK) first, or send its asFd() as an OwnedFd");
            case Tube<?, ?> tube -> tube.checkMayTravel();
            default -> {}
        }
        fds.add(fd);
        return fds.size() - 1;
    }

    AsFd[] toArray() {
        return fds.toArray(AsFd[]::new);
    }
}
