package dev.fdpass.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code cmsg(3)} says that a control buffer holds, read a second time and in another way than the library does: what
 * it says is held against this.
 *
 * @param messages the whole messages before the end, or before a length that cannot be
 * @param malformed whether such a length ended it
 */
public record ControlBytes(List<Message> messages, boolean malformed) {
    private static final int HEADER = 16;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;

    /** A control message and where it begins. */
    public record Message(int offset, int level, int type, ByteBuffer data) {
        public boolean isRights() {
            return level == SOL_SOCKET && type == SCM_RIGHTS;
        }

        /** The whole numbers in its data. */
        public List<Integer> numbers() {
            ByteBuffer left = data.duplicate().order(ByteOrder.nativeOrder());
            List<Integer> numbers = new ArrayList<>();
            while (left.remaining() >= Integer.BYTES) {
                numbers.add(left.getInt());
            }
            return numbers;
        }
    }

    public static ControlBytes read(byte[] control) {
        List<Message> messages = new ArrayList<>();
        ByteBuffer left = ByteBuffer.wrap(control).order(ByteOrder.nativeOrder());
        while (left.remaining() >= HEADER) {
            int offset = left.position();
            long data = Math.max(left.getLong(), 0) - HEADER;
            int level = left.getInt();
            int type = left.getInt();
            if (data < 0 || data > left.remaining()) {
                return new ControlBytes(messages, true);
            }
            messages.add(new Message(offset, level, type, left.slice(left.position(), (int) data)));
            left.position(left.position() + (int) data);
            while (left.position() % 8 != 0 && left.hasRemaining()) {
                left.get(); // padding
            }
        }
        return new ControlBytes(messages, false);
    }

    /** The same messages as they would be written: with zeroes for padding, and nothing after the last. */
    public byte[] canonical(byte[] control) {
        byte[] canonical = new byte[0];
        for (Message message : messages) {
            int end = message.offset() + HEADER + message.data().remaining();
            canonical = Arrays.copyOf(canonical, end);
            System.arraycopy(control, message.offset(), canonical, message.offset(), end - message.offset());
        }
        return canonical;
    }
}
