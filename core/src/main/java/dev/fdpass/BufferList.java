package dev.fdpass;

import dev.fdpass.linux.Holds;
import dev.fdpass.linux.MessageBlock;
import dev.fdpass.linux.SocketConstants;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The caller's buffers of one message: native ones stand in the iovec array as they are, heap ones pass through the
 * message's own payload memory. Remembers the range that each had when it was added.
 */
final class BufferList {
    /** Entry 0 of the iovec array is the message's own payload; the caller's buffers follow. */
    static final int FIRST = 1;

    private static final int INITIAL = MessageBlock.INITIAL_BUFFERS - FIRST;

    private final MessageBlock block;
    /** The message's own payload memory, all of it. */
    private final ByteBuffer staging;

    private final Holds holds = new Holds();

    /** The buffer whose position moves, or null for a segment. */
    private @Nullable ByteBuffer[] buffers = new @Nullable ByteBuffer[INITIAL];
    /**
     * The segment, or all memory of a direct buffer, from its index 0; kept when the list is cleared, for the next time it
     * is added. {@code NULL} for a buffer on the heap.
     */
    private MemorySegment[] memory = new MemorySegment[INITIAL];

    private long[] positions = new long[INITIAL];
    private long[] lengths = new long[INITIAL];

    private int count;
    /** Places that may refer to the caller's memory. */
    private int used;

    private long bytes;
    private long heapBytes;
    private boolean readOnly;

    BufferList(MessageBlock block) {
        this.block = block;
        staging = block.payload().asByteBuffer();
        Arrays.fill(memory, MemorySegment.NULL);
    }

    @SuppressWarnings("ReferenceEquality") // the same object: equal content elsewhere is another buffer
    void add(ByteBuffer buffer) {
        ensureRoom();
        // The same buffer in the same place, as in a loop, costs no allocation.
        if (buffers[count] != buffer) {
            memory[count] = buffer.isDirect()
                    ? MemorySegment.ofBuffer(buffer.duplicate().clear())
                    : MemorySegment.NULL;
            buffers[count] = buffer;
        }
        add(memory[count], buffer.isDirect(), buffer.position(), buffer.remaining(), buffer.isReadOnly());
    }

    void add(MemorySegment segment) {
        ensureRoom();
        buffers[count] = null;
        remember(count, segment);
        add(segment, segment.isNative(), 0, segment.byteSize(), segment.isReadOnly());
    }

    private void add(MemorySegment all, boolean isNative, long position, long length, boolean isReadOnly) {
        if (isNative) {
            block.buffer(FIRST + count, all.address() + position, length);
            if (!all.scope().equals(block.payload().scope())) { // that is here as long as the message is
                holds.add(all);
            }
        } else {
            if (heapBytes + length > block.payload().byteSize()) {
                throw new IllegalArgumentException("buffers on the Java heap are copied through the message's own "
                        + block.payload().byteSize() + " bytes, and " + (heapBytes + length)
                        + " do not fit; allocate the message with that many bytes, or use direct buffers");
            }
            heapBytes += length;
            // Nothing of an earlier message may stand there; stage() gives it its place if it has any bytes.
            block.buffer(FIRST + count, 0, 0);
        }
        positions[count] = position;
        lengths[count] = length;
        bytes += length;
        readOnly |= isReadOnly;
        count++;
    }

    /** Writes only what changes: to store into an array of an interface type is dear, measured. */
    @SuppressWarnings("ReferenceEquality")
    private void remember(int index, MemorySegment segment) {
        if (memory[index] != segment) {
            memory[index] = segment;
        }
    }

    private void ensureRoom() {
        if (count == SocketConstants.IOV_MAX) {
            throw new IllegalArgumentException("a message takes at most " + SocketConstants.IOV_MAX
                    + " buffers; join some, or send a second message");
        }
        if (count == lengths.length) {
            int capacity = Math.min(SocketConstants.IOV_MAX, count * 4);
            block.reserveBuffers(FIRST + capacity); // first: should there be no memory, nothing has changed
            buffers = Arrays.copyOf(buffers, capacity);
            memory = Arrays.copyOf(memory, capacity);
            Arrays.fill(memory, count, capacity, MemorySegment.NULL);
            positions = Arrays.copyOf(positions, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
        }
        used = Math.max(used, count + 1);
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    long heapBytes() {
        return heapBytes;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    Holds holds() {
        return holds;
    }

    /**
     * Checks that what was noted when the buffers were added still holds: their memory is there, for this thread, and
     * their limits are not below the range, so that their positions can be moved when the bytes have gone.
     */
    void checkUsable() {
        for (int i = 0; i < count; i++) {
            if (!memory[i].scope().isAlive()) {
                throw new IllegalStateException("the arena of buffer " + i
                        + " of the message is closed; keep it open until" + " the message is cleared");
            }
            if (!memory[i].isAccessibleBy(Thread.currentThread())) {
                throw new WrongThreadException("buffer " + i + " of the message belongs to another thread's arena");
            }
            ByteBuffer buffer = buffers[i];
            if (buffer != null && buffer.limit() < positions[i] + lengths[i]) {
                throw new IllegalArgumentException(
                        "the limit of buffer " + i + " is " + buffer.limit() + " now; it was "
                                + (positions[i] + lengths[i])
                                + " when it was added. Leave it, or clear() the message and add it"
                                + " again");
            }
        }
    }

    /** Gives each heap buffer its place in the payload memory, and its bytes if it is to be sent. */
    void stage(long offset, boolean copyIn) {
        if (heapBytes == 0) {
            return;
        }
        long address = block.payload().address();
        for (int i = 0; i < count; i++) {
            if (isOnHeap(i)) {
                if (copyIn) {
                    copyIn(i, offset);
                }
                block.buffer(FIRST + i, address + offset, lengths[i]);
                offset += lengths[i];
            }
        }
    }

    private boolean isOnHeap(int index) {
        ByteBuffer buffer = buffers[index];
        return buffer != null ? !buffer.isDirect() : !memory[index].isNative();
    }

    private void copyIn(int index, long offset) {
        ByteBuffer buffer = buffers[index];
        if (buffer != null) {
            staging.put((int) offset, buffer, (int) positions[index], (int) lengths[index]);
        } else {
            MemorySegment.copy(memory[index], positions[index], block.payload(), offset, lengths[index]);
        }
    }

    private void copyOut(int index, long offset, long length) {
        ByteBuffer buffer = buffers[index];
        if (buffer != null) {
            buffer.put((int) positions[index], staging, (int) offset, (int) length);
        } else {
            MemorySegment.copy(block.payload(), offset, memory[index], positions[index], length);
        }
    }

    /** The first {@code received} bytes are there: copies those of heap buffers, and moves positions. */
    void filled(long received) {
        long staged = 0;
        long left = received;
        for (int i = 0; i < count && left > 0; i++) {
            long here = Math.min(left, lengths[i]);
            if (isOnHeap(i)) {
                copyOut(i, staged, here);
                staged += lengths[i];
            }
            moveTo(i, here);
            left -= here;
        }
    }

    /** The first {@code sent} bytes of all have gone: moves positions. */
    void drained(long sent) {
        long left = sent;
        for (int i = 0; i < count && left > 0; i++) {
            long here = Math.min(left, lengths[i]);
            moveTo(i, here);
            left -= here;
        }
    }

    private void moveTo(int index, long done) {
        ByteBuffer buffer = buffers[index];
        if (buffer != null) {
            buffer.position((int) (positions[index] + done));
        }
    }

    /** The buffer that holds byte {@code offset}, if they stand one after the other. */
    int indexOf(long offset) {
        int i = 0;
        while (i < count - 1 && offset >= lengths[i]) {
            offset -= lengths[i++];
        }
        return i;
    }

    /** Bytes of all buffers before {@code index}. */
    long bytesBefore(int index) {
        long sum = 0;
        for (int i = 0; i < index; i++) {
            sum += lengths[i];
        }
        return sum;
    }

    void clear() {
        holds.clear();
        count = 0;
        bytes = 0;
        heapBytes = 0;
        readOnly = false;
    }

    /** Lets go of the caller's memory for good. */
    void forget() {
        clear();
        for (int i = 0; i < used; i++) {
            buffers[i] = null;
            remember(i, MemorySegment.NULL);
        }
        used = 0;
    }
}
