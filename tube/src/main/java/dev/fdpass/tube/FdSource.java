package dev.fdpass.tube;

import dev.fdpass.AsFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.json.IndexedFds;
import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** The descriptors of a message that is being decoded. For one thread, and until the message is decoded. */
public final class FdSource {
    private final IndexedFds fds;
    private final Terms terms;
    private boolean isOver;

    /** Takes the descriptors over. */
    FdSource(IndexedFds fds, Terms terms) {
        this.fds = fds;
        this.terms = terms;
    }

    /** {@return how many came with the message} */
    public int count() {
        return fds.count();
    }

    /**
     * Takes a descriptor, if it is what its type says: an {@link dev.fdpass.EventFd} must be one, and so on. The codec puts it
     * into the message.
     *
     * @param <T> the type
     * @param index its index in this message, from 0
     * @param type {@link OwnedFd}, {@link dev.fdpass.EventFd}, {@link dev.fdpass.memory.SharedMemory} (sealed against
     *     shrinking), {@link dev.fdpass.PidFd}, or a class of sockets or listeners
     * @return the descriptor as that type
     * @throws MessageException if there is none of that index, it was taken before, or it is something else
     * @throws IOException if it cannot be looked at
     */
    public <T extends AsFd> T take(int index, Class<T> type) throws IOException {
        return type.cast(FdKind.of(type).adopt(take(index), index));
    }

    /**
     * Takes a descriptor as the end of a tube, with the limits and the codec of the tube that it came through.
     *
     * @param <S> what is sent into it
     * @param <R> what is received from it
     * @param index its index in this message, from 0
     * @param sent class of what is sent
     * @param received class of what is received
     * @return the tube
     * @throws MessageException if there is none of that index, it was taken before, or it is no connected Unix-domain socket
     * @throws IOException if it cannot be looked at
     */
    public <S, R> Tube<S, R> takeTube(int index, Class<S> sent, Class<R> received) throws IOException {
        return Tube.over(FdKind.adoptSocket(take(index), index), sent, received, terms.limits(), terms.codec());
    }

    private OwnedFd take(int index) throws MessageException {
        if (isOver) {
            throw new IllegalStateException("the message is decoded, and its descriptors belong to it");
        }
        if (index < 0 || index >= fds.count()) {
            throw new MessageException(
                    fds.count() == 0
                            ? "descriptor " + index + " is named, but none came with the message"
                            : "descriptor " + index + " is named, but those that came are 0 to " + (fds.count() - 1));
        }
        try {
            return fds.take(index);
        } catch (IllegalArgumentException e) {
            throw new MessageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Ends the decoding: every descriptor must be in the message now, whose receiver owns it. */
    void finish(Object message) throws MessageException {
        isOver = true;
        int unused = fds.firstLeft();
        if (unused < fds.count()) {
            throw new MessageException(fds.count() + " descriptors came, and descriptor " + unused
                    + " is named by no member that is known here");
        }
        if (fds.count() == 0) {
            return;
        }
        Set<OwnedFd> held = Collections.newSetFromMap(new IdentityHashMap<>());
        for (AsFd each : Descriptors.in(message)) {
            held.add(each.asFd());
        }
        for (int i = 0; i < fds.count(); i++) {
            if (!held.contains(fds.taken(i))) {
                throw new MessageException("descriptor " + i
                        + " was taken, but the decoded message does not hold it where it can be found:"
                        + " in records, lists, sets, arrays, values of maps and optionals");
            }
        }
    }

    /** Closes all, whoever has them by now. Without waiting: a stranger sent them. */
    void abandon() {
        isOver = true;
        try (fds) {
            fds.undo(0);
        }
    }
}
