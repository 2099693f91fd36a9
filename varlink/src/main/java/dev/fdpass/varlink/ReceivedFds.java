package dev.fdpass.varlink;

import dev.fdpass.OwnedFd;
import dev.fdpass.frame.Frame;
import java.util.ArrayList;
import java.util.BitSet;

/**
 * The descriptors of a message, each of which is taken once. Those that {@linkplain #begin since the last beginning} were taken
 * are closed if that comes to nothing. Not thread-safe.
 */
final class ReceivedFds implements AutoCloseable {
    private final Frame frame;
    private final BitSet taken = new BitSet();
    private final ArrayList<OwnedFd> tentative = new ArrayList<>();

    ReceivedFds(Frame frame) {
        this.frame = frame;
    }

    int count() {
        return frame.fdCount();
    }

    /** Begins to read a value. */
    void begin() {
        tentative.clear();
    }

    /** The value could not be read: closes what it has of them. */
    void undo() {
        for (OwnedFd fd : tentative) {
            fd.closeAside();
        }
        tentative.clear();
    }

    /**
     * Takes one.
     *
     * @throws IllegalArgumentException if there is no such descriptor, or somebody has it
     */
    OwnedFd take(long index) {
        if (index < 0 || index >= count()) {
            throw new IllegalArgumentException("there is no descriptor " + index + "; the message has " + count());
        }
        if (taken.get((int) index)) {
            throw new IllegalArgumentException("descriptor " + index + " is named twice");
        }
        tentative.ensureCapacity(tentative.size() + 1);
        OwnedFd fd = frame.takeFd((int) index);
        tentative.add(fd);
        taken.set((int) index);
        return fd;
    }

    /** How many nobody has taken. */
    int left() {
        return count() - taken.cardinality();
    }

    /** Closes what nobody has taken, without waiting for whoever sent it. */
    @Override
    public void close() {
        for (int i = taken.nextClearBit(0); i < count(); i = taken.nextClearBit(i + 1)) {
            taken.set(i);
            frame.takeFd(i).closeAside();
        }
        frame.close();
    }
}
