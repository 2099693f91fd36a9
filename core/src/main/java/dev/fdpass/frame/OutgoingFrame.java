package dev.fdpass.frame;

import dev.fdpass.OwnedFd;
import dev.fdpass.ScmMessage;
import dev.fdpass.UnixAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One frame to be sent, and how far that has come. It goes in as many parts as it takes, each of which is one message of the
 * kernel with up to 253 descriptors. Not thread-safe; the {@link FrameMessage} that it belongs to sees to that.
 */
final class OutgoingFrame {
    /** Beside the message's own memory and a delimiter; the kernel takes 1024 in all. */
    static final int MOST_BUFFERS = 1000;

    /** Before the data, so that header and data are one piece. */
    private static final int HEADROOM = LengthHeader.BYTES;

    private static final int FDS_OF_A_PART = FrameLimits.FDS_OF_A_MESSAGE;

    private final List<OwnedFd> fds = new ArrayList<>();
    private final List<ByteBuffer> buffers = new ArrayList<>();
    /** A delimiter behind the data, or a byte that carries descriptors. */
    private final ByteBuffer extra = ByteBuffer.allocateDirect(1);

    /** Its payload is where header and data are. */
    private ScmMessage message;

    private ByteBuffer memory;
    private ByteBuffer data;
    private long bufferBytes;
    private UnixAddress to = UnixAddress.unnamed();

    // How far it has come.
    private @Nullable Framing framing;
    private @Nullable FrameSender startedOn;
    private int dataBytes;
    private int parts;
    private int part;
    /** Whether the message is ready to be sent as this part. */
    private boolean isPrepared;
    /** Whether the message refers to anything of the caller's. */
    private boolean isFilled;

    OutgoingFrame(int dataBytes) {
        message = message(dataBytes);
        memory = memory(message);
        data = data(memory);
    }

    private static ScmMessage message(int dataBytes) {
        return ScmMessage.allocate(HEADROOM + dataBytes, FDS_OF_A_PART);
    }

    private static ByteBuffer memory(ScmMessage message) {
        return message.payload().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer data(ByteBuffer memory) {
        return memory.slice(HEADROOM, memory.capacity() - HEADROOM);
    }

    // ---- Its content

    ByteBuffer data() {
        return data;
    }

    /** Makes room for so many bytes of data; what is there is lost. */
    void reserve(int bytes) {
        if (data.capacity() < bytes) {
            int grown = (int) Math.min(FrameLimits.MOST_BYTES, 2L * data.capacity());
            ScmMessage larger = message(Math.max(bytes, grown));
            ByteBuffer largerMemory = memory(larger);
            data = data(largerMemory);
            memory = largerMemory;
            message.close();
            message = larger;
            isPrepared = false;
            isFilled = false;
        }
    }

    void add(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("the buffer is on the Java heap; put its bytes into data()");
        }
        if (buffers.size() == MOST_BUFFERS) {
            throw new IllegalArgumentException("a frame takes at most " + MOST_BUFFERS + " buffers; join some");
        }
        buffers.add(buffer.slice());
        bufferBytes += buffer.remaining();
        isPrepared = false;
    }

    void add(OwnedFd fd) {
        if (fds.size() == FrameLimits.MOST_FDS) {
            throw new IllegalArgumentException(
                    "a frame takes at most " + FrameLimits.MOST_FDS + " descriptors; send the rest in another");
        }
        fds.add(fd);
        isPrepared = false;
    }

    void to(UnixAddress address) {
        to = address;
        isPrepared = false;
    }

    /** Unnamed if it goes where the socket is connected to. */
    UnixAddress to() {
        return to;
    }

    long contentBytes() {
        return data.position() + bufferBytes;
    }

    int fdCount() {
        return fds.size();
    }

    /** The content is in so many pieces, one behind the other. */
    int pieces() {
        return 1 + buffers.size();
    }

    /** A piece of the content, from its index 0 to its limit. */
    ByteBuffer piece(int index) {
        return index == 0 ? data.duplicate().flip() : buffers.get(index - 1).clear();
    }

    // ---- Sending it

    void checkNotPartlySent() {
        if (isPartlySent()) {
            throw new IllegalStateException(
                    "the message is partly sent; send the rest, or clear() it, before changing it");
        }
    }

    boolean isPartlySent() {
        return startedOn != null;
    }

    boolean isStartedOn(FrameSender sender) {
        return startedOn == sender;
    }

    /**
     * Prepares the frame to be sent from its beginning.
     *
     * @param how null if it goes as a packet
     */
    void begin(@Nullable Framing how) {
        // Of a frame that is sent again only the bytes may be others.
        boolean isAgain = isPrepared && parts == 1 && isHeaderAlone(how) && isHeaderAlone(framing);
        framing = how;
        dataBytes = data.position();
        part = 0;
        parts = Math.max(1, (fds.size() + FDS_OF_A_PART - 1) / FDS_OF_A_PART);
        isPrepared = isAgain;
        if (how != null && how.isLengthHeader()) {
            LengthHeader.write(memory.clear(), 0, (int) contentBytes(), fds.size());
        }
        if (isAgain) {
            message.payload().position(HEADROOM + dataBytes);
        }
    }

    /** Whether the frame is what stands at the beginning of the payload. */
    private boolean isHeaderAlone(@Nullable Framing how) {
        return how != null && how.isLengthHeader() && buffers.isEmpty();
    }

    /** Checks those that have not gone yet. */
    void checkAllOpen() {
        for (int i = part * FDS_OF_A_PART; i < fds.size(); i++) {
            if (!fds.get(i).isOpen()) {
                throw new IllegalArgumentException("descriptor " + i + " of " + fds.size()
                        + " to be sent is closed; it must stay open until it is sent"
                        + (part == 0 ? "" : ". Those before it have gone, so nothing can follow: close the channel"));
            }
        }
    }

    /** Checks that what was sent in part is still what is to be sent. */
    void checkUnchanged() {
        if (data.position() != dataBytes) {
            throw new IllegalStateException("the message is partly sent, and had " + dataBytes
                    + " bytes of data then; it has " + data.position()
                    + " now. Put the position of data() back, or clear() the message");
        }
    }

    /** The message that is to be sent next. */
    ScmMessage part() {
        if (!isPrepared) {
            prepare();
            isPrepared = true;
        }
        return message;
    }

    /** The part has gone: whether that was the last one. */
    boolean next() {
        part++;
        isPrepared = isPrepared && parts == 1;
        return part == parts;
    }

    /** Whether a byte has gone. */
    boolean hasBegun() {
        return part > 0 || message.sentBytes() > 0;
    }

    /** Notes that it stopped in the middle. */
    void stopped(FrameSender sender) {
        startedOn = sender;
    }

    /** Notes that nothing of it is on its way. */
    void done() {
        startedOn = null;
    }

    private void prepare() {
        message.clear();
        isFilled = true;
        Framing how = framing;
        if (how == null) {
            addContent(HEADROOM);
            message.to(to);
        } else if (how.isLengthHeader()) {
            prepareWithHeader();
        } else if (how.isNulTerminated()) {
            addContent(HEADROOM);
            addExtra((byte) 0);
        } else if (part == 0) {
            addContent(HEADROOM);
        } else {
            addExtra((byte) ' ');
        }
        int end = Math.min(fds.size(), (part + 1) * FDS_OF_A_PART);
        for (int i = part * FDS_OF_A_PART; i < end; i++) {
            message.addFd(fds.get(i));
        }
    }

    /** All parts but the last are a byte of the header each, so that all descriptors come before the data. */
    private void prepareWithHeader() {
        if (part < parts - 1) {
            message.addBuffer(memory.limit(part + 1).position(part));
        } else if (part == 0) {
            message.payload().position(HEADROOM + dataBytes);
            addBuffers();
        } else {
            addContent(part);
        }
    }

    private void addContent(int from) {
        int end = HEADROOM + dataBytes;
        if (end > from) {
            message.addBuffer(memory.limit(end).position(from));
        }
        addBuffers();
    }

    private void addBuffers() {
        for (int i = 0; i < buffers.size(); i++) {
            message.addBuffer(buffers.get(i).clear());
        }
    }

    private void addExtra(byte b) {
        message.addBuffer(extra.put(0, b).clear());
    }

    // ---- The end

    void clear() {
        fds.clear();
        buffers.clear();
        bufferBytes = 0;
        to = UnixAddress.unnamed();
        data.clear();
        done();
        isPrepared = false;
        if (isFilled) {
            message.clear();
            isFilled = false;
        }
    }

    void close() {
        clear();
        message.close();
    }
}
