package dev.fdpass.jsonrpc;

import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.frame.Frame;
import java.io.IOException;
import java.util.List;

/**
 * What came from the peer, with its descriptors. They belong to the message until they are taken.
 *
 * <p>Safe for use by several threads.
 */
public abstract sealed class IncomingMessage permits Call, Reply {
    private final Frame frame;

    IncomingMessage(Frame frame) {
        this.frame = frame;
    }

    /** What is to be thrown where the peer sent fewer descriptors than are asked for. */
    abstract IOException tooFewFds(String message);

    /** {@return descriptors that came with it, those taken since included} */
    public final int fdCount() {
        return frame.fdCount();
    }

    /**
     * Takes a descriptor: it is the caller's to close now.
     *
     * @param index from 0, in the order in which they were sent
     * @return its owner
     * @throws IOException if not so many were sent: of a call, a {@link JsonRpcException} that says so to the peer
     * @throws IllegalStateException if it was taken already, or the message is closed
     */
    public final OwnedFd takeFd(int index) throws IOException {
        checkSent(index);
        return frame.takeFd(index);
    }

    /**
     * Takes a descriptor if it is what is expected; else it is closed.
     *
     * @param index from 0, in the order in which they were sent
     * @param expected what it must be
     * @return its owner
     * @throws dev.fdpass.RejectedFdException if it is anything else
     * @throws IOException as for {@link #takeFd(int)}, or if it cannot be found out; it is closed
     */
    public final OwnedFd takeFd(int index, Expect expected) throws IOException {
        checkSent(index);
        return frame.takeFd(index, expected);
    }

    private void checkSent(int index) throws IOException {
        if (index >= fdCount()) {
            throw tooFewFds("descriptor " + index + " is missing: " + fdCount() + " came");
        }
    }

    /**
     * Takes all descriptors if they are what is expected, each in its place, and no more were sent; else all are closed.
     *
     * @param expected what they must be, in the order in which they were sent; none to expect none
     * @return their owners
     * @throws dev.fdpass.RejectedFdException if they are anything else
     * @throws IOException if that cannot be found out; all are closed
     */
    public final List<OwnedFd> takeExactly(Expect... expected) throws IOException {
        return frame.takeExactly(expected);
    }

    /**
     * Takes all descriptors that were not taken yet.
     *
     * @return their owners, in the order in which they were sent; each is the caller's to close
     */
    public final List<OwnedFd> takeFds() {
        return frame.takeFds();
    }

    /** Closes what nobody took. */
    final void closeFrame() {
        frame.close();
    }

    /** As {@link #closeFrame}, without waiting for whoever sent them. */
    final void drop() {
        frame.closeAside();
    }
}
