package dev.fdpass.examples.hotrestart.service;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The connections of a service, and how they leave it one by one. Safe for use by several threads. */
public final class Roster {
    /** An idle connection leaves within microseconds; who does not by then is being answered, and the next one is asked. */
    private static final Duration IDLE_LEAVES_WITHIN = Duration.ofMillis(1);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    /** A connection of a service. */
    public interface Member {
        /**
         * Leaves soon: at once if it waits for bytes, otherwise after the answer. It calls {@link #deliver} then, and
         * {@link #remove} after that.
         *
         * @throws IOException if it cannot, for now
         */
        void askToLeave() throws IOException;

        /** Takes that back, unless it has left. */
        void askToStay();

        /** Closes it. */
        void close();
    }

    private final Set<Member> members = ConcurrentHashMap.newKeySet();
    private final Consumer<Parcel> comeBack;
    private final BlockingQueue<Parcel> left = new LinkedBlockingQueue<>();
    private final Deque<Member> toAsk = new ArrayDeque<>();
    private final Set<Member> asked = new HashSet<>();
    private boolean isReleasing;
    /** When a member was last asked to leave, in nanoseconds. */
    private long lastAsked;

    /**
     * A roster without members.
     *
     * @param comeBack serves, as a new member, a connection that has left although all are to stay by now
     */
    public Roster(Consumer<Parcel> comeBack) {
        this.comeBack = comeBack;
    }

    /**
     * Adds a connection.
     *
     * @param member the connection
     */
    public void add(Member member) {
        members.add(member);
    }

    /**
     * Removes a connection that has left or is closed.
     *
     * @param member the connection
     */
    public void remove(Member member) {
        members.remove(member);
    }

    /**
     * Takes over a connection that has left.
     *
     * @param parcel the connection
     */
    public void deliver(Parcel parcel) {
        synchronized (this) {
            if (isReleasing) {
                left.add(parcel);
                return;
            }
        }
        comeBack.accept(parcel);
    }

    /**
     * As {@link Service#release}.
     *
     * @param patience how long to wait, since the last of all was asked to leave, for those being answered
     * @return the connection
     * @throws InterruptedException if the thread is interrupted
     */
    public Optional<Parcel> release(Duration patience) throws InterruptedException {
        synchronized (this) {
            if (!isReleasing) {
                isReleasing = true;
                lastAsked = System.nanoTime();
            }
        }
        while (true) {
            boolean isEmpty = members.isEmpty(); // before the queue: they are in that first
            Parcel parcel = left.poll();
            if (parcel == null && askOne()) {
                parcel = left.poll(IDLE_LEAVES_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
            } else if (parcel == null) {
                if (isEmpty || System.nanoTime() - lastAsked > patience.toNanos()) {
                    return Optional.empty();
                }
                parcel = left.poll(LOOK_AGAIN.toNanos(), TimeUnit.NANOSECONDS);
            }
            if (parcel != null) {
                return Optional.of(parcel);
            }
        }
    }

    /** Asks the next one to leave, if there is one. */
    private boolean askOne() {
        if (toAsk.isEmpty()) {
            members.stream().filter(member -> !asked.contains(member)).forEach(toAsk::add);
        }
        Member next = toAsk.poll();
        if (next == null) {
            return false;
        }
        asked.add(next);
        lastAsked = System.nanoTime();
        try {
            next.askToLeave();
        } catch (ClosedChannelException e) {
            // It is gone.
        } catch (IOException e) {
            Log.say("a connection stays until it is idle again: " + e);
        }
        return true;
    }

    /** As {@link Service#keep}. */
    public void keep() {
        List<Parcel> back = new ArrayList<>();
        synchronized (this) {
            isReleasing = false;
            left.drainTo(back);
        }
        toAsk.clear();
        asked.clear();
        members.forEach(Member::askToStay);
        back.forEach(comeBack);
    }

    /** {@return how many there are} */
    public int size() {
        return members.size();
    }

    /** Closes all, also those that have left and nobody took. */
    public void close() {
        members.forEach(Member::close);
        List<Parcel> rest = new ArrayList<>();
        left.drainTo(rest);
        rest.forEach(Parcel::close);
    }
}
