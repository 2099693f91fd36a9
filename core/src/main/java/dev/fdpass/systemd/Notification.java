package dev.fdpass.systemd;

import dev.fdpass.Credentials;
import dev.fdpass.Expect;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a service told: one message of {@code sd_notify(3)}. Its descriptors belong to it until they are taken;
 * {@link #close} closes the rest, and answers a barrier.
 *
 * <p>Whoever can reach the address can send one: look at the {@link #sender}. Safe for use by several threads. One that is
 * forgotten is closed by a cleaner, as a {@link Received} is.
 */
public final class Notification implements AutoCloseable {
    private final Received received;
    private final Credentials sender;
    private final SequencedMap<String, String> fields;

    Notification(Received received, Credentials sender, SequencedMap<String, String> fields) {
        this.received = received;
        this.sender = sender;
        this.fields = Collections.unmodifiableSequencedMap(fields);
    }

    /**
     * Who sent it, as the kernel vouches for it: the process itself, whether it is the one that the manager started or a
     * child of that one, with its user and group. But a privileged process may name any other instead
     * ({@code unix(7)}, SCM_CREDENTIALS: {@code CAP_SYS_ADMIN} for a process, {@code CAP_SETUID} and {@code CAP_SETGID} for
     * the others), as {@code sd_pid_notify(3)} does, and the number of one that has ended may be another's by now. One that
     * sent a barrier and waits for the answer is still there.
     *
     * @return process, user and group; the process is not 0
     */
    public Credentials sender() {
        return sender;
    }

    /**
     * All that it says, such as {@code READY} and {@code 1}.
     *
     * @return names and values, in their order, unmodifiable, at least one. Of several values of a name the first; what is
     *     no assignment, or not in UTF-8, was left out
     */
    public SequencedMap<String, String> fields() {
        return fields;
    }

    /**
     * What it says of something.
     *
     * @param name such as {@code STATUS}, {@code MAINPID}, {@code FDNAME}
     * @return the value, or empty if it says nothing of that
     */
    public Optional<String> get(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    private boolean isSet(String name) {
        return Fields.SET.equals(fields.get(name));
    }

    /** {@return whether the service has started or finished reloading: {@code READY=1}} */
    public boolean isReady() {
        return isSet("READY");
    }

    /** {@return whether it is reloading: {@code RELOADING=1}} */
    public boolean isReloading() {
        return isSet("RELOADING");
    }

    /** {@return whether it is about to end: {@code STOPPING=1}} */
    public boolean isStopping() {
        return isSet("STOPPING");
    }

    /** {@return whether it is a sign of life: {@code WATCHDOG=1}} */
    public boolean isWatchdog() {
        return isSet("WATCHDOG");
    }

    /**
     * Whether its descriptors are to be kept: {@code FDSTORE=1}. {@link #takeFds} takes them.
     *
     * @return whether they are
     */
    public boolean isFdStore() {
        return isSet("FDSTORE");
    }

    /**
     * Whether the descriptors that are kept under {@link #fdName} are to be dropped: {@code FDSTOREREMOVE=1}. In a message
     * that says {@code FDSTORE=1} too, systemd heeds this alone.
     *
     * @return whether they are
     */
    public boolean isFdStoreRemove() {
        return isSet("FDSTOREREMOVE");
    }

    /**
     * What descriptors are called that are to be kept or dropped: {@code FDNAME=}. systemd keeps those without a name as
     * {@code "stored"}, and drops none without a name.
     *
     * @return the name; empty if there is none, or it is not {@linkplain NamedFd#isValidName valid}, which systemd ignores
     */
    public Optional<String> fdName() {
        return get("FDNAME").filter(NamedFd::isValidName);
    }

    /**
     * Whether the sender waits until this is closed, {@code BARRIER=1}: then it says nothing else, and has no descriptors to
     * be taken. Close what came before it first.
     *
     * @return whether it is a barrier
     */
    public boolean isBarrier() {
        return isSet(NotifyReceiver.BARRIER);
    }

    /** {@return descriptors that came with it, those taken since included; 0 for a barrier} */
    public int fdCount() {
        return isBarrier() ? 0 : received.fdCount();
    }

    /**
     * Takes a descriptor: it is the caller's to close now.
     *
     * @param index from 0, in the order in which they were sent
     * @return its owner
     * @throws IndexOutOfBoundsException if not so many came
     * @throws IllegalStateException if it was taken already, or this is closed
     */
    public OwnedFd takeFd(int index) {
        checkNoBarrier();
        return received.takeFd(index);
    }

    /**
     * Takes a descriptor if it is what is expected; else it is closed.
     *
     * @param index from 0, in the order in which they were sent
     * @param expected what it must be
     * @return its owner
     * @throws dev.fdpass.RejectedFdException if it is anything else
     * @throws IndexOutOfBoundsException if not so many came
     * @throws IllegalStateException if it was taken already, or this is closed
     * @throws IOException if what it is cannot be found out; it is closed
     */
    public OwnedFd takeFd(int index, Expect expected) throws IOException {
        checkNoBarrier();
        return received.takeFd(index, expected);
    }

    private void checkNoBarrier() {
        if (isBarrier()) {
            throw new IndexOutOfBoundsException("a barrier has no descriptors to be taken; close it to answer it");
        }
    }

    /**
     * Takes all descriptors that were not taken yet.
     *
     * @return their owners, in the order in which they were sent; each is the caller's to close
     * @throws IllegalStateException if this is closed
     */
    public List<OwnedFd> takeFds() {
        return isBarrier() ? List.of() : received.takeFds();
    }

    /** Closes the descriptors that nobody took; a barrier is answered by that. Further calls do nothing. */
    @Override
    public void close() {
        received.close();
    }

    /** The fields and the sender, as {@code "Notification[{READY=1}, process 17, user 0, 0 descriptors]"}. */
    @Override
    public String toString() {
        return "Notification[" + Visible.of(fields.toString()) + ", process " + sender.pid() + ", user " + sender.uid()
                + ", " + fdCount() + " descriptors]";
    }
}
