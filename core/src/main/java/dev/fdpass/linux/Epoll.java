package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An instance of {@code epoll(7)}. The events are those of {@link Poll}, bit for bit. */
public final class Epoll {
    public static final int EPOLL_CLOEXEC = 0x80000;
    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLL_CTL_MOD = 3;
    /** Besides events: they are reported once, and then the registration keeps still until it is {@linkplain #change changed}. */
    public static final int EPOLLONESHOT = 1 << 30;
    /** Besides events: they are reported once each time that they come, rather than for as long as they are there. */
    public static final int EPOLLET = 1 << 31;

    static final int EVENTS = 0;

    private static final int SIZE = sizeOn(Arch.CURRENT);
    private static final int DATA = dataOn(Arch.CURRENT);

    private static final int ERRNO_SIZE = 16;

    private final MemorySegment errno;
    private final MemorySegment events;
    /** Most events that one {@link #await} brings. */
    private final int room;

    private int number = -1;

    /**
     * Room for the events of an instance, which {@link #open} makes: when there is no memory, there is no descriptor.
     *
     * @param room most events that one {@link #await} brings
     */
    public Epoll(int room) {
        this.room = room;
        MemorySegment all = Arena.ofAuto().allocate(ERRNO_SIZE + (long) room * SIZE, 16);
        errno = all.asSlice(0, ERRNO_SIZE);
        events = all.asSlice(ERRNO_SIZE);
    }

    /** {@code sizeof(struct epoll_event)}, which is packed on x86-64 alone. */
    static int sizeOn(Arch arch) {
        return arch.pick(12, 16);
    }

    /** Where {@code data} stands in it. */
    static int dataOn(Arch arch) {
        return arch.pick(4, 8);
    }

    /** Makes the instance, with close-on-exec, before other threads have this: 0 or more, or the negated error number. */
    public long open() {
        long result = Syscall.EPOLL_CREATE1.call(EPOLL_CLOEXEC, 0, 0);
        number = (int) result;
        return result;
    }

    /** Registers a descriptor for the events {@code wanted}; {@code data} comes back with what happens. */
    public long add(int descriptor, int wanted, long data) {
        return control(EPOLL_CTL_ADD, descriptor, wanted, data);
    }

    /** What is wanted of a registered descriptor from now on. What is there already is reported too. */
    public long change(int descriptor, int wanted, long data) {
        return control(EPOLL_CTL_MOD, descriptor, wanted, data);
    }

    /**
     * Ends a registration. Closing the descriptor does it only if nobody else has the open file description, such as the
     * process that it was sent to.
     */
    public long remove(int descriptor) {
        return Syscall.EPOLL_CTL.callAlways(number, EPOLL_CTL_DEL, descriptor, 0);
    }

    private long control(int operation, int descriptor, int wanted, long data) {
        Scratch scratch = Scratch.take();
        try {
            scratch.memory().set(JAVA_INT_UNALIGNED, EVENTS, wanted);
            scratch.memory().set(JAVA_LONG_UNALIGNED, DATA, data);
            return Syscall.EPOLL_CTL.call(scratch.errno(), number, operation, descriptor, scratch.address());
        } finally {
            scratch.give();
        }
    }

    /**
     * Waits until something is there. For one thread: the events stay until its next call.
     *
     * @return how many events there are, 0 when the time is over, or the negated error number
     */
    public long await(int millis) {
        return Syscall.EPOLL_PWAIT.call(errno, number, events.address(), room, millis, 0, Poll.SIGSET_SIZE);
    }

    /** What is there, of the event at {@code index}. */
    public int events(int index) {
        return events.get(JAVA_INT_UNALIGNED, (long) index * SIZE + EVENTS);
    }

    /** What was said when it was registered or changed, of the event at {@code index}. */
    public long data(int index) {
        return events.get(JAVA_LONG_UNALIGNED, (long) index * SIZE + DATA);
    }

    /** Closes it, and with it every registration. */
    public void close() {
        Descriptors.close(number);
    }
}
