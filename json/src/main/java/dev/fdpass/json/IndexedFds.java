package dev.fdpass.json;

import dev.fdpass.OwnedFd;
import dev.fdpass.frame.Frame;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of a frame, each of which is taken once, by its index. Those that were taken {@linkplain #mark since some moment} are
 * closed if that comes to nothing. Closing is done aside: a stranger sent them. Not thread-safe.
 */
public final class IndexedFds implements AutoCloseable {
    private final Frame frame;
    private final @Nullable OwnedFd[] taken;
    private final ArrayList<OwnedFd> inOrder = new ArrayList<>();

    /**
     * Takes a frame over.
     *
     * @param frame the frame
     */
    public IndexedFds(Frame frame) {
        this.frame = frame;
        taken = new OwnedFd[frame.fdCount()];
    }

    /** {@return how many came, those taken since included} */
    public int count() {
        return taken.length;
    }

    /** {@return what {@link #undo} is to be given if the value that is read now, perhaps while another one is, cannot be read} */
    public int mark() {
        return inOrder.size();
    }

    /**
     * Closes what was taken since, whoever has it by now: the value could not be read.
     *
     * @param mark the moment
     */
    public void undo(int mark) {
        for (OwnedFd fd : inOrder.subList(mark, inOrder.size())) {
            fd.closeAside();
        }
    }

    /**
     * Takes one.
     *
     * @param index its index, from 0
     * @return the descriptor, which is the caller's to close now
     * @throws IllegalArgumentException if there is no such descriptor, or it was taken before
     * @throws IllegalStateException if these are closed
     */
    public OwnedFd take(long index) {
        if (index < 0 || index >= count()) {
            throw new IllegalArgumentException("there is no descriptor " + index + "; the message has " + count());
        }
        if (taken[(int) index] != null) {
            throw new IllegalArgumentException("descriptor " + index + " is named twice");
        }
        inOrder.ensureCapacity(inOrder.size() + 1);
        OwnedFd fd = frame.takeFd((int) index);
        inOrder.add(fd);
        taken[(int) index] = fd;
        return fd;
    }

    /** {@return the first index that was not taken, or {@link #count} if all were} */
    public int firstLeft() {
        int index = 0;
        while (index < count() && taken[index] != null) {
            index++;
        }
        return index;
    }

    /**
     * One that was taken.
     *
     * @param index its index
     * @return the descriptor, which is somebody else's
     */
    public OwnedFd taken(int index) {
        return Objects.requireNonNull(taken[index], "it was not taken");
    }

    /** Closes what nobody has taken. Further calls do nothing. */
    @Override
    public void close() {
        frame.closeAside();
    }
}
