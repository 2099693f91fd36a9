package dev.fdpass.json;

import dev.fdpass.OwnedFd;
import dev.fdpass.frame.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of a message, each of which is taken once, by its index. Those that were taken {@linkplain #mark since
 * some moment} are closed if that comes to nothing. Closing is done aside: a stranger sent them. Not thread-safe.
 */
public abstract sealed class IndexedFds implements AutoCloseable {
    private final @Nullable OwnedFd[] taken;
    private final ArrayList<OwnedFd> inOrder = new ArrayList<>();

    private IndexedFds(int count) {
        taken = new OwnedFd[count];
    }

    /**
     * Takes a frame over.
     *
     * @param frame the frame
     * @return its descriptors
     */
    public static IndexedFds of(Frame frame) {
        return new OfFrame(frame);
    }

    /**
     * Takes over what is in no frame.
     *
     * @param fds the descriptors
     * @return the same, with indexes
     */
    public static IndexedFds of(List<OwnedFd> fds) {
        return new OfList(fds);
    }

    abstract OwnedFd get(int index);

    /** {@return how many came, those taken since included} */
    public final int count() {
        return taken.length;
    }

    /**
     * {@return what {@link #undo} is to be given if the value that is read now, perhaps while another one is,
     * cannot be read}
     */
    public final int mark() {
        return inOrder.size();
    }

    /**
     * Closes what was taken since, whoever has it by now: the value could not be read.
     *
     * @param mark the moment
     */
    public final void undo(int mark) {
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
     * @throws IllegalStateException if the frame is closed
     */
    public final OwnedFd take(long index) {
        if (index < 0 || index >= count()) {
            throw new IllegalArgumentException("there is no descriptor " + index + "; the message has " + count());
        }
        if (isTaken((int) index)) {
            throw new IllegalArgumentException("descriptor " + index + " is named twice");
        }
        inOrder.ensureCapacity(inOrder.size() + 1); // or it could be taken and not noted
        OwnedFd fd = get((int) index);
        inOrder.add(fd);
        taken[(int) index] = fd;
        return fd;
    }

    final boolean isTaken(int index) {
        return taken[index] != null;
    }

    /** {@return the first index that was not taken, or {@link #count} if all were} */
    public final int firstLeft() {
        int index = 0;
        while (index < count() && isTaken(index)) {
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
    public final OwnedFd taken(int index) {
        return Objects.requireNonNull(taken[index], "it was not taken");
    }

    /** Closes what nobody has taken. Further calls do nothing. */
    @Override
    public abstract void close();

    private static final class OfFrame extends IndexedFds {
        private final Frame frame;

        OfFrame(Frame frame) {
            super(frame.fdCount());
            this.frame = frame;
        }

        @Override
        OwnedFd get(int index) {
            return frame.takeFd(index);
        }

        @Override
        public void close() {
            frame.closeAside();
        }
    }

    private static final class OfList extends IndexedFds {
        private final List<OwnedFd> fds;

        OfList(List<OwnedFd> fds) {
            super(fds.size());
            this.fds = List.copyOf(fds);
        }

        @Override
        OwnedFd get(int index) {
            return fds.get(index);
        }

        @Override
        public void close() {
            for (int i = 0; i < count(); i++) {
                if (!isTaken(i)) {
                    fds.get(i).closeAside();
                }
            }
        }
    }
}
