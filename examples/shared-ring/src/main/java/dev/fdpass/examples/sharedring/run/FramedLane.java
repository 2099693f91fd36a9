package dev.fdpass.examples.sharedring.run;

import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameMessage;
import dev.fdpass.frame.FramedChannel;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** A stream socket with frames, each with a header that says how long it is. */
final class FramedLane implements Lane {
    private final FramedChannel channel;
    private final FrameMessage out = FrameMessage.allocate(0);
    private final FrameMessage in = FrameMessage.allocate(Payload.MOST_BYTES);

    private FramedLane(FramedChannel channel) {
        this.channel = channel;
    }

    /** Uses a socket, which belongs to the lane from now on. */
    static FramedLane over(UnixStream socket, Duration spin, Duration patience) {
        socket.setReceiveSpin(spin);
        FramedChannel channel = FramedChannel.over(socket);
        channel.setReceiveTimeout(patience);
        channel.setSendTimeout(patience);
        return new FramedLane(channel);
    }

    @Override
    public void send(MemorySegment message) throws IOException {
        out.clear();
        out.addBuffer(message.asByteBuffer());
        channel.send(out);
    }

    @Override
    public MemorySegment receive(int size) throws IOException {
        if (!channel.receive(in)) {
            throw new EOFException("the other process has closed its socket");
        }
        if (in.bytes() != size) {
            throw new IOException("a frame of " + in.bytes() + " bytes, not of " + size);
        }
        return MemorySegment.ofBuffer(in.data());
    }

    @Override
    public void close() throws IOException {
        try (in;
                out) {
            channel.close();
        }
    }
}
