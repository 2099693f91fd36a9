package dev.fdpass.json;

import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.frame.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of a message, each of which is taken once, by its index. Those that were taken {@linkplain #mark since
 * some moment} are closed if that comes to nothing. Closing is done aside: a stranger sent them. Not thread-safe.
 */
public abstract sealed class IndexedFds implements AutoCloseable {
    private final @Nullable OwnedFd[] taken;
    /** Those that were taken, and those that were rejected, which are closed. */
    private final BitSet gone = new BitSet();

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

    /** Gets one if it is what is expected; else closes it. */
    abstract OwnedFd get(int index, Expect expected) throws IOException;

    /** Gets all if they are what is expected; else closes them. */
    abstract List<OwnedFd> getExactly(Expect... expected) throws IOException;

    /** Gets those that are left, in the order of their indexes. */
    abstract List<OwnedFd> getLeft();

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
        check(index);
        OwnedFd fd = get((int) index);
        note((int) index, fd);
        return fd;
    }

    /**
     * Takes one if it is what is expected; else it is closed.
     *
     * @param index its index, from 0
     * @param expected what it must be
     * @return the descriptor, which is the caller's to close now
     * @throws IllegalArgumentException as for {@link #take(long)}
     * @throws IllegalStateException if the frame is closed
     * @throws UnsupportedOperationException if they came in no frame
     * @throws dev.fdpass.RejectedFdException if it is anything else
     * @throws IOException if that cannot be found out; it is closed
     */
    public final OwnedFd take(long index, Expect expected) throws IOException {
        Objects.requireNonNull(expected, "expected");
        check(index);
        gone.set((int) index);
        OwnedFd fd = get((int) index, expected);
        note((int) index, fd);
        return fd;
    }

    /**
     * Takes all if they are what is expected, each in its place, and no more came; else all are closed.
     *
     * @param expected what they must be; none to expect none
     * @return the descriptors, which are the caller's to close now
     * @throws IllegalStateException if one was taken before, or the frame is closed
     * @throws UnsupportedOperationException if they came in no frame
     * @throws dev.fdpass.RejectedFdException if they are anything else
     * @throws IOException if that cannot be found out; all are closed
     */
    public final List<OwnedFd> takeExactly(Expect... expected) throws IOException {
        return takeAll(() -> getExactly(expected));
    }

    /**
     * Takes all that are left.
     *
     * @return the descriptors, which are the caller's to close now
     * @throws IllegalStateException if the frame is closed
     */
    public final List<OwnedFd> takeLeft() {
        return takeAll(this::getLeft);
    }

    private interface TakingAll<E extends Exception> {
        List<OwnedFd> run() throws E;
    }

    private <E extends Exception> List<OwnedFd> takeAll(TakingAll<E> taking) throws E {
        BitSet left = new BitSet();
        left.set(0, count());
        left.andNot(gone);
        inOrder.ensureCapacity(inOrder.size() + left.cardinality());
        List<OwnedFd> fds;
        try {
            fds = taking.run();
        } finally {
            gone.set(0, count()); // or they are closed
        }
        int next = 0;
        for (int i = left.nextSetBit(0); i >= 0; i = left.nextSetBit(i + 1)) {
            OwnedFd fd = fds.get(next++);
            inOrder.add(fd);
            taken[i] = fd;
        }
        return fds;
    }

    private void check(long index) {
        if (index < 0 || index >= count()) {
            throw new IllegalArgumentException("there is no descriptor " + index + "; the message has " + count());
        }
        if (isTaken((int) index)) {
            throw new IllegalArgumentException("descriptor " + index + " is named twice");
        }
        inOrder.ensureCapacity(inOrder.size() + 1); // or it could be taken and not noted
    }

    private void note(int index, OwnedFd fd) {
        inOrder.add(fd);
        taken[index] = fd;
        gone.set(index);
    }

    final boolean isTaken(int index) {
        return gone.get(index);
    }

    /** {@return the first index that was not taken nor rejected, or {@link #count} if all were} */
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
        OwnedFd get(int index, Expect expected) throws IOException {
            return frame.takeFd(index, expected);
        }

        @Override
        List<OwnedFd> getExactly(Expect... expected) throws IOException {
            return frame.takeExactly(expected);
        }

        @Override
        List<OwnedFd> getLeft() {
            return frame.takeFds();
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
        OwnedFd get(int index, Expect expected) {
            fds.get(index).closeAside(); // as it would be if it were anything else
            throw new UnsupportedOperationException("these descriptors came in no frame");
        }

        @Override
        List<OwnedFd> getExactly(Expect... expected) {
            close(); // as they would be if they were anything else
            throw new UnsupportedOperationException("these descriptors came in no frame");
        }

        @Override
        List<OwnedFd> getLeft() {
            return IntStream.range(0, count())
                    .filter(i -> !isTaken(i))
                    .mapToObj(fds::get)
                    .toList();
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
