package dev.fdpass.varlink;

import dev.fdpass.OwnedFd;
import dev.fdpass.frame.Frame;
import java.util.ArrayList;
import java.util.BitSet;

/**
 * The descriptors of a message, each of which is taken once. Those that were taken {@linkplain #mark since some moment} are
 * closed if that comes to nothing. Not thread-safe.
 */
final class ReceivedFds implements AutoCloseable {
    private final Frame frame;
    private final BitSet taken = new BitSet();
    private final ArrayList<OwnedFd> inOrder = new ArrayList<>();

    ReceivedFds(Frame frame) {
        this.frame = frame;
    }

    int count() {
        return frame.fdCount();
    }

    /** Begins to read a value, perhaps while another one is being read: what {@link #undo} is to be given. */
    int mark() {
        return inOrder.size();
    }

    /** The value could not be read: closes what was taken since. */
    void undo(int mark) {
        for (OwnedFd fd : inOrder.subList(mark, inOrder.size())) {
            fd.closeAside();
        }
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
        inOrder.ensureCapacity(inOrder.size() + 1);
        OwnedFd fd = frame.takeFd((int) index);
        inOrder.add(fd);
        taken.set((int) index);
        return fd;
    }

    /** Refuses a call with descriptors that none of its parameters names. */
    void checkAllTaken() throws VarlinkException {
        if (taken.cardinality() < count()) {
            throw VarlinkException.invalidParameter("a descriptor that no parameter names");
        }
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
