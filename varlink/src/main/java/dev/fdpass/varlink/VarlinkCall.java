package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fdpass.AsFd;
import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.Peer;
import dev.fdpass.RejectedFdException;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.json.IndexedFds;
import dev.fdpass.varlink.CallMessage.Mode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A call that a service is answering. Its descriptors belong to it until they are taken; the rest is closed when it is answered.
 *
 * <p>For the thread that answers it, until it has.
 */
public final class VarlinkCall {
    private static final ScopedValue<VarlinkCall> CURRENT = ScopedValue.newInstance();

    private final FramedChannel channel;
    private final CallMessage message;
    private final IndexedFds fds;
    private boolean isAnswered;
    private boolean isUnsent;
    private boolean isUpgraded;

    VarlinkCall(FramedChannel channel, CallMessage message, IndexedFds fds) {
        this.channel = channel;
        this.message = message;
        this.fds = fds;
    }

    /**
     * The call that this thread is answering: in a method of a Java interface, who calls it, or to upgrade the connection.
     *
     * @return the call
     * @throws NoSuchElementException if it is answering none
     */
    public static VarlinkCall current() {
        return CURRENT.orElseThrow(() -> new NoSuchElementException("this thread is answering no call"));
    }

    /** Runs code that answers it. */
    void run(VarlinkHandler handler) throws Exception {
        ScopedValue.where(CURRENT, this).call(() -> {
            handler.handle(this);
            return true;
        });
    }

    /** {@return the method with its interface, such as {@code org.example.files.Open}} */
    public String method() {
        return message.method();
    }

    /** {@return the method without its interface} */
    public String methodName() {
        return message.method().substring(message.method().lastIndexOf('.') + 1);
    }

    /** {@return the parameters, in which a descriptor is its index; always the same object} */
    public ObjectNode parameters() {
        return message.parameters();
    }

    /**
     * The parameters as a record, with the descriptors that it names, which are the caller's to close now. Members that the record
     * has not are an error.
     *
     * @param type what they are to be
     * @param <R> what they are to be
     * @return the record
     * @throws VarlinkException {@link VarlinkException#INVALID_PARAMETER} if they are anything else; then nothing was taken, and
     *     what they named is closed
     */
    public <R> R parametersAs(Class<R> type) throws VarlinkException {
        try {
            return type.cast(Json.read(message.parameters(), type, fds, true));
        } catch (Json.MismatchException e) {
            throw VarlinkException.invalidParameter(e.where);
        }
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
     * @throws VarlinkException {@link VarlinkException#INVALID_PARAMETER} if not so many came
     * @throws IllegalStateException if it was taken already, or the call is over
     */
    public OwnedFd takeFd(int index) throws VarlinkException {
        return take(index, fds::take);
    }

    private <E extends Exception> OwnedFd take(int index, Reply.Taking<E> taking) throws VarlinkException, E {
        if (index >= fds.count()) {
            throw VarlinkException.invalidParameter("descriptor " + index + " is missing: " + fds.count() + " came");
        }
        return Reply.takeOnce(fds, index, taking);
    }

    /**
     * Takes a descriptor if it is what is expected; else it is closed.
     *
     * @param index from 0, as the parameters name it
     * @param expected what it must be
     * @return its owner
     * @throws VarlinkException {@link VarlinkException#INVALID_PARAMETER} if not so many came, or it is anything else; then its
     *     cause says what
     * @throws IllegalStateException if it was taken already, or the call is over
     * @throws IOException if that cannot be found out; it is closed
     */
    public OwnedFd takeFd(int index, Expect expected) throws IOException {
        try {
            return take(index, at -> fds.take(at, expected));
        } catch (RejectedFdException e) {
            throw rejected("descriptor " + index, e);
        }
    }

    /** What the client is told; why is the business of the service. */
    private static VarlinkException rejected(String name, RejectedFdException why) {
        VarlinkException failure = VarlinkException.invalidParameter(name);
        failure.initCause(why);
        return failure;
    }

    /**
     * Takes the descriptor whose index is a parameter.
     *
     * @param parameter its name
     * @return its owner
     * @throws VarlinkException {@link VarlinkException#INVALID_PARAMETER} if there is no such parameter, or it is the index of no
     *     descriptor, or of one that was taken
     */
    public OwnedFd takeFd(String parameter) throws VarlinkException {
        return take(parameter, fds::take);
    }

    private <E extends Exception> OwnedFd take(String parameter, Reply.Taking<E> taking) throws VarlinkException, E {
        JsonNode index = message.parameters().get(parameter);
        if (index == null || !index.isIntegralNumber() || !index.canConvertToLong()) {
            throw VarlinkException.invalidParameter(parameter);
        }
        try {
            return taking.take(index.longValue());
        } catch (IllegalArgumentException e) {
            throw VarlinkException.invalidParameter(parameter);
        }
    }

    /**
     * Takes the descriptor whose index is a parameter if it is what is expected; else it is closed.
     *
     * @param parameter its name
     * @param expected what it must be
     * @return its owner
     * @throws VarlinkException {@link VarlinkException#INVALID_PARAMETER} as for {@link #takeFd(String)}, or if it is anything
     *     else; then its cause says what
     * @throws IOException if that cannot be found out; it is closed
     */
    public OwnedFd takeFd(String parameter, Expect expected) throws IOException {
        try {
            return take(parameter, index -> fds.take(index, expected));
        } catch (RejectedFdException e) {
            throw rejected(parameter, e);
        }
    }

    /**
     * Takes all descriptors if they are what is expected, each in its place, and no more came; else all are closed.
     *
     * @param expected what they must be, in the order of their indexes; none to expect none
     * @return their owners
     * @throws IllegalStateException if one of them was taken already; the others are closed
     * @throws VarlinkException {@link VarlinkException#INVALID_PARAMETER} if they are anything else; its cause says what
     * @throws IOException if that cannot be found out; all are closed
     */
    public List<OwnedFd> takeExactly(Expect... expected) throws IOException {
        try {
            return fds.takeExactly(expected);
        } catch (RejectedFdException e) {
            throw rejected("the descriptors", e);
        }
    }

    /**
     * Takes all descriptors that were not taken yet.
     *
     * @return their owners, in the order of their indexes; each is the caller's to close
     */
    public List<OwnedFd> takeFds() {
        return fds.takeLeft();
    }

    /** {@return whether the client takes any number of replies} */
    public boolean wantsMore() {
        return message.mode() == Mode.MORE;
    }

    /** {@return whether the client takes no reply; those that are given go nowhere} */
    public boolean isOneway() {
        return message.mode() == Mode.ONEWAY;
    }

    /** {@return whether the client wants another protocol to begin behind the reply} */
    public boolean wantsUpgrade() {
        return message.mode() == Mode.UPGRADE;
    }

    /** {@return who made the other end of the connection} */
    public Peer peer() {
        return channel.peer();
    }

    // ---- Answers

    /**
     * Replies, for the last time. If the client {@linkplain #wantsUpgrade wants an upgrade} and this is called instead of
     * {@link #upgrade}, the connection ends behind the reply: nobody would speak the other protocol with it.
     *
     * @param parameters a record, a map with names, an object node, or {@code Map.of()} for none; descriptors in it are borrowed
     * @param fds descriptors with the indexes 0, 1, …, for parameters that name them by number; borrowed
     * @throws IllegalArgumentException if that can be no reply; nothing was sent
     * @throws IllegalStateException if it was answered already
     * @throws IOException if the connection fails
     */
    public void reply(Object parameters, AsFd... fds) throws IOException {
        answer("", parameters, false, fds);
    }

    /**
     * Replies, and another reply will follow.
     *
     * @param parameters as for {@link #reply}
     * @param fds as for {@link #reply}
     * @throws VarlinkException {@link VarlinkException#EXPECTED_MORE} if the client has not asked for more
     * @throws IOException as for {@link #reply}
     */
    public void replyContinues(Object parameters, AsFd... fds) throws IOException {
        checkWantsMore();
        answer("", parameters, true, fds);
    }

    void checkWantsMore() throws VarlinkException {
        if (!wantsMore() && !isOneway()) {
            throw new VarlinkException(VarlinkException.EXPECTED_MORE);
        }
    }

    /** Whether a reply would look like one that only says that there are no more. */
    static boolean isNothing(Object parameters) {
        return parameters.getClass().getRecordComponents().length > 0
                && Json.toObject(parameters, new SentFds()).isEmpty();
    }

    /**
     * Replies, and takes the connection for another protocol. It is the caller's: to be used and closed, here or by another
     * thread later.
     *
     * @param parameters as for {@link #reply}
     * @param fds as for {@link #reply}
     * @return the connection
     * @throws IllegalStateException if the client has not {@linkplain #wantsUpgrade asked for that}
     * @throws IOException as for {@link #reply}
     */
    public Upgraded upgrade(Object parameters, AsFd... fds) throws IOException {
        if (!wantsUpgrade()) {
            throw new IllegalStateException("the client has not asked for an upgrade; reply() to it");
        }
        answer("", parameters, false, fds);
        return Upgraded.take(channel, new Reply(Json.MAPPER.createObjectNode(), false, this.fds));
    }

    void error(String error, Object parameters) throws IOException {
        answer(error, parameters, false);
    }

    private void answer(String error, Object parameters, boolean continues, AsFd... fds) throws IOException {
        if (isAnswered) {
            throw new IllegalStateException("the call of " + method() + " was answered already");
        }
        SentFds sent = new SentFds(fds);
        byte[] bytes = new ReplyMessage(error, Json.toObject(parameters, sent), continues).bytes();
        if (!isOneway()) {
            try {
                channel.send(ByteBuffer.wrap(bytes), sent.toArray());
            } catch (IOException e) {
                isAnswered = true; // as far as that is possible
                isUnsent = true;
                throw e;
            }
        }
        isAnswered = !continues;
        isUpgraded = wantsUpgrade() && error.isEmpty();
    }

    boolean isAnswered() {
        return isAnswered;
    }

    /** Whether an answer could not be sent, or not all of it. */
    boolean isUnsent() {
        return isUnsent;
    }

    /** Whether no further call is to come: the client speaks another protocol from here on, whoever answers that. */
    boolean isUpgraded() {
        return isUpgraded;
    }

    IndexedFds fds() {
        return fds;
    }

    /** Refuses a call with descriptors that none of its parameters names. */
    void checkAllFdsTaken() throws VarlinkException {
        if (fds.firstLeft() < fds.count()) {
            throw VarlinkException.invalidParameter("a descriptor that no parameter names");
        }
    }
}
