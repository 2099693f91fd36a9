package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.RejectedFdException;
import dev.fdpass.json.IndexedFds;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Objects;

/**
 * A reply of a service with its descriptors, which belong to it until they are taken; {@link #close} closes the rest.
 *
 * <p>For one thread at a time.
 */
public final class Reply implements AutoCloseable {
    private final ObjectNode parameters;
    private final boolean continues;
    private final IndexedFds fds;

    Reply(ObjectNode parameters, boolean continues, IndexedFds fds) {
        this.parameters = parameters;
        this.continues = continues;
        this.fds = fds;
    }

    /** {@return the parameters of the reply, in which a descriptor is its index; always the same object} */
    public ObjectNode parameters() {
        return parameters;
    }

    /** {@return whether another reply to the same call follows} */
    public boolean continues() {
        return continues;
    }

    /** {@return how many descriptors came, those taken since included} */
    public int fdCount() {
        return fds.count();
    }

    /**
     * Takes a descriptor: it is the caller's to close now.
     *
     * @param index from 0, as the parameters name it
     * @return its owner
     * @throws ProtocolException if not so many came
     * @throws IllegalStateException if it was taken already, or the reply is closed
     */
    public OwnedFd takeFd(int index) throws ProtocolException {
        return take(index, fds::take);
    }

    private <E extends Exception> OwnedFd take(int index, Taking<E> taking) throws ProtocolException, E {
        if (index >= fds.count()) {
            throw new ProtocolException("of the reply, descriptor " + index + " is missing: " + fds.count() + " came");
        }
        return takeOnce(fds, index, taking);
    }

    /** Takes one that came: whoever takes it twice has made a mistake of his own. */
    static <E extends Exception> OwnedFd takeOnce(IndexedFds fds, int index, Taking<E> taking) throws E {
        try {
            return taking.take(Objects.checkIndex(index, fds.count()));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("descriptor " + index + " was taken already, or is closed", e);
        }
    }

    /**
     * Takes a descriptor if it is what is expected; else it is closed.
     *
     * @param index from 0, as the parameters name it
     * @param expected what it must be
     * @return its owner
     * @throws ProtocolException if not so many came
     * @throws IllegalStateException if it was taken already, or the reply is closed
     * @throws RejectedFdException if it is anything else
     * @throws IOException if that cannot be found out; it is closed
     */
    public OwnedFd takeFd(int index, Expect expected) throws IOException {
        return take(index, at -> fds.take(at, expected));
    }

    /**
     * Takes the descriptor whose index is a member of the parameters.
     *
     * @param member its name
     * @return its owner
     * @throws ProtocolException if there is no such member, or it is the index of no descriptor, or of one that was taken
     */
    public OwnedFd takeFd(String member) throws ProtocolException {
        return take(member, fds::take);
    }

    /** Takes the descriptor with an index. */
    interface Taking<E extends Exception> {
        OwnedFd take(long index) throws E;
    }

    private <E extends Exception> OwnedFd take(String member, Taking<E> taking) throws ProtocolException, E {
        JsonNode index = parameters.get(member);
        if (index == null || !index.isIntegralNumber() || !index.canConvertToLong()) {
            throw new ProtocolException("the reply has no descriptor \"" + member + "\": "
                    + (index == null ? "there is no such member" : "it is " + index + " there"));
        }
        try {
            return taking.take(index.longValue());
        } catch (IllegalArgumentException e) {
            ProtocolException failure = new ProtocolException("the reply's \"" + member + "\": " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    /**
     * Takes the descriptor whose index is a member of the parameters if it is what is expected; else it is closed.
     *
     * @param member its name
     * @param expected what it must be
     * @return its owner
     * @throws ProtocolException as for {@link #takeFd(String)}
     * @throws RejectedFdException if it is anything else
     * @throws IOException if that cannot be found out; it is closed
     */
    public OwnedFd takeFd(String member, Expect expected) throws IOException {
        return take(member, index -> fds.take(index, expected));
    }

    /**
     * Takes all descriptors if they are what is expected, each in its place, and no more came; else all are closed.
     *
     * @param expected what they must be, in the order of their indexes; none to expect none
     * @return their owners
     * @throws IllegalStateException if one of them was taken already; the others are closed
     * @throws RejectedFdException if they are anything else
     * @throws IOException if that cannot be found out; all are closed
     */
    public List<OwnedFd> takeExactly(Expect... expected) throws IOException {
        return fds.takeExactly(expected);
    }

    /**
     * Takes all descriptors that were not taken yet.
     *
     * @return their owners, in the order of their indexes; each is the caller's to close
     */
    public List<OwnedFd> takeFds() {
        return fds.takeLeft();
    }

    /**
     * The parameters as a record, with the descriptors that it names, which are the caller's to close now. Members that the
     * record has not are ignored.
     *
     * @param type what it is to be
     * @param <R> what it is to be
     * @return the record
     * @throws ProtocolException if it is anything else; then nothing was taken, and what it named is closed
     */
    public <R> R as(Class<R> type) throws ProtocolException {
        return type.cast(as((java.lang.reflect.Type) type));
    }

    Object as(java.lang.reflect.Type type) throws ProtocolException {
        try {
            return Json.read(parameters, type, fds, false);
        } catch (Json.MismatchException e) {
            ProtocolException failure = new ProtocolException("the reply is no " + type.getTypeName() + ": "
                    + (e.where.isEmpty() ? "" : e.where + ": ") + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    /** Closes the descriptors that nobody took. Further calls do nothing. */
    @Override
    public void close() {
        fds.close();
    }

    /** The parameters, for people. */
    @Override
    public String toString() {
        return "Reply[" + parameters + ", " + fds.count() + " descriptors]";
    }
}
