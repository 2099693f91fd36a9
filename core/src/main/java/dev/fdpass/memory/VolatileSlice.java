package dev.fdpass.memory;

import dev.fdpass.AsIobuf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A range of memory that somebody else may write at any time, such as mapped {@link SharedMemory}. Reading it twice may
 * give two answers: copy out what has to be checked, then check the copy.
 *
 * <p>Every access is checked against the bounds. Single values are read and written with the orders of
 * {@link VarHandle}, across processes too; copies are plain and have no order of their own. Values are in native byte
 * order, at offsets that are multiples of their size. Immutable itself; safe for use by several threads if the memory is.
 *
 * <p>Man page: {@code mmap(2)}.
 */
public final class VolatileSlice implements AsIobuf {
    private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;

    private VolatileSlice(MemorySegment memory) {
        this.memory = memory;
    }

    /**
     * A slice of all of a segment.
     *
     * @param memory native or mapped memory
     * @return the slice
     * @throws IllegalArgumentException if it is on the Java heap, where nobody else can write
     */
    public static VolatileSlice of(MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException(
                    "the segment is on the Java heap; a VolatileSlice is over native or mapped" + " memory");
        }
        return new VolatileSlice(memory);
    }

    /** {@return its size in bytes} */
    public long size() {
        return memory.byteSize();
    }

    /**
     * The rest of this slice.
     *
     * @param offset bytes to leave out at the beginning, 0 to {@link #size()}
     * @return the slice from there to the end
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public VolatileSlice offset(long offset) {
        return new VolatileSlice(memory.asSlice(offset));
    }

    /**
     * A part of this slice.
     *
     * @param offset where it begins
     * @param size bytes
     * @return the part
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public VolatileSlice subSlice(long offset, long size) {
        return new VolatileSlice(memory.asSlice(offset, size));
    }

    /** {@return the memory itself} */
    @Override
    public MemorySegment asIobuf() {
        return memory;
    }

    /**
     * Copies bytes out.
     *
     * @param offset where in this slice
     * @param to where to; filled completely
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public void copyTo(long offset, MemorySegment to) {
        copyTo(offset, to, 0, to.byteSize());
    }

    /**
     * Copies bytes out, to a part of a segment; allocates nothing.
     *
     * @param offset where in this slice
     * @param to where to
     * @param toOffset where in that
     * @param bytes how many, 0 or more
     * @throws IndexOutOfBoundsException if it is out of the bounds of either
     */
    public void copyTo(long offset, MemorySegment to, long toOffset, long bytes) {
        MemorySegment.copy(memory, offset, to, toOffset, bytes);
    }

    /**
     * Copies bytes out.
     *
     * @param offset where in this slice
     * @param to where to; filled completely
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public void copyTo(long offset, byte[] to) {
        copyTo(offset, MemorySegment.ofArray(to));
    }

    /**
     * Copies bytes in.
     *
     * @param offset where in this slice
     * @param from what to copy, all of it
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public void copyFrom(long offset, MemorySegment from) {
        copyFrom(offset, from, 0, from.byteSize());
    }

    /**
     * Copies bytes in, from a part of a segment; allocates nothing.
     *
     * @param offset where in this slice
     * @param from what to copy from
     * @param fromOffset where in that
     * @param bytes how many, 0 or more
     * @throws IndexOutOfBoundsException if it is out of the bounds of either
     */
    public void copyFrom(long offset, MemorySegment from, long fromOffset, long bytes) {
        MemorySegment.copy(from, fromOffset, memory, offset, bytes);
    }

    /**
     * Copies bytes in.
     *
     * @param offset where in this slice
     * @param from what to copy, all of it
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public void copyFrom(long offset, byte[] from) {
        copyFrom(offset, MemorySegment.ofArray(from));
    }

    /**
     * Sets every byte.
     *
     * @param value the byte
     */
    public void fill(byte value) {
        memory.fill(value);
    }

    /**
     * Reads a byte, in the single order of all volatile accesses.
     *
     * @param offset where in this slice
     * @return its value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public byte getByteVolatile(long offset) {
        return (byte) BYTE.getVolatile(memory, offset);
    }

    /**
     * Reads a byte, and what is read later comes after it.
     *
     * @param offset where in this slice
     * @return its value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public byte getByteAcquire(long offset) {
        return (byte) BYTE.getAcquire(memory, offset);
    }

    /**
     * Writes a byte, in the single order of all volatile accesses.
     *
     * @param offset where in this slice
     * @param value its new value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public void setByteVolatile(long offset, byte value) {
        BYTE.setVolatile(memory, offset, value);
    }

    /**
     * Writes a byte, and what was written earlier comes before it.
     *
     * @param offset where in this slice
     * @param value its new value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public void setByteRelease(long offset, byte value) {
        BYTE.setRelease(memory, offset, value);
    }

    /**
     * Reads an int, in the single order of all volatile accesses.
     *
     * @param offset where in this slice, a multiple of 4
     * @return its value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public int getIntVolatile(long offset) {
        return (int) INT.getVolatile(memory, offset);
    }

    /**
     * Reads an int, and what is read later comes after it.
     *
     * @param offset where in this slice, a multiple of 4
     * @return its value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public int getIntAcquire(long offset) {
        return (int) INT.getAcquire(memory, offset);
    }

    /**
     * Writes an int, in the single order of all volatile accesses.
     *
     * @param offset where in this slice, a multiple of 4
     * @param value its new value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public void setIntVolatile(long offset, int value) {
        INT.setVolatile(memory, offset, value);
    }

    /**
     * Writes an int, and what was written earlier comes before it.
     *
     * @param offset where in this slice, a multiple of 4
     * @param value its new value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public void setIntRelease(long offset, int value) {
        INT.setRelease(memory, offset, value);
    }

    /**
     * Writes an int if it has the expected value, atomically.
     *
     * @param offset where in this slice, a multiple of 4
     * @param expected the value it must have
     * @param value its new value
     * @return whether it had the expected value and was written
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public boolean compareAndSetInt(long offset, int expected, int value) {
        return INT.compareAndSet(memory, offset, expected, value);
    }

    /**
     * Adds to an int, atomically.
     *
     * @param offset where in this slice, a multiple of 4
     * @param delta what to add
     * @return the value it had before
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public int getAndAddInt(long offset, int delta) {
        return (int) INT.getAndAdd(memory, offset, delta);
    }

    /**
     * Reads a long, in the single order of all volatile accesses.
     *
     * @param offset where in this slice, a multiple of 8
     * @return its value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public long getLongVolatile(long offset) {
        return (long) LONG.getVolatile(memory, offset);
    }

    /**
     * Reads a long, and what is read later comes after it.
     *
     * @param offset where in this slice, a multiple of 8
     * @return its value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public long getLongAcquire(long offset) {
        return (long) LONG.getAcquire(memory, offset);
    }

    /**
     * Writes a long, in the single order of all volatile accesses.
     *
     * @param offset where in this slice, a multiple of 8
     * @param value its new value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public void setLongVolatile(long offset, long value) {
        LONG.setVolatile(memory, offset, value);
    }

    /**
     * Writes a long, and what was written earlier comes before it.
     *
     * @param offset where in this slice, a multiple of 8
     * @param value its new value
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public void setLongRelease(long offset, long value) {
        LONG.setRelease(memory, offset, value);
    }

    /**
     * Writes a long if it has the expected value, atomically.
     *
     * @param offset where in this slice, a multiple of 8
     * @param expected the value it must have
     * @param value its new value
     * @return whether it had the expected value and was written
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public boolean compareAndSetLong(long offset, long expected, long value) {
        return LONG.compareAndSet(memory, offset, expected, value);
    }

    /**
     * Adds to a long, atomically.
     *
     * @param offset where in this slice, a multiple of 8
     * @param delta what to add
     * @return the value it had before
     * @throws IndexOutOfBoundsException if it is out of bounds
     */
    public long getAndAddLong(long offset, long delta) {
        return (long) LONG.getAndAdd(memory, offset, delta);
    }
}
