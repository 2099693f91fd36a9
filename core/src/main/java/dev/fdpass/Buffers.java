package dev.fdpass;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Buffers of the caller in any of the forms that there are, for one message. */
interface Buffers {
    /** Bytes that must be copied through native memory. */
    long heapBytes();

    void addTo(NativeMessage message);

    static Buffers of(ByteBuffer... buffers) {
        return new Buffers() {
            @Override
            public long heapBytes() {
                long bytes = 0;
                for (ByteBuffer buffer : buffers) {
                    bytes += buffer.isDirect() ? 0 : buffer.remaining();
                }
                return bytes;
            }

            @Override
            public void addTo(NativeMessage message) {
                for (ByteBuffer buffer : buffers) {
                    message.add(buffer);
                }
            }
        };
    }

    static Buffers of(MemorySegment... segments) {
        return new Buffers() {
            @Override
            public long heapBytes() {
                long bytes = 0;
                for (MemorySegment segment : segments) {
                    bytes += segment.isNative() ? 0 : segment.byteSize();
                }
                return bytes;
            }

            @Override
            public void addTo(NativeMessage message) {
                for (MemorySegment segment : segments) {
                    message.add(segment);
                }
            }
        };
    }

    static Buffers of(AsIobuf... buffers) {
        MemorySegment[] segments = new MemorySegment[buffers.length];
        for (int i = 0; i < buffers.length; i++) {
            segments[i] = buffers[i].asIobuf();
        }
        return of(segments);
    }
}
