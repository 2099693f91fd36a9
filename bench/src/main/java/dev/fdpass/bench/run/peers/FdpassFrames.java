package dev.fdpass.bench.run.peers;

import dev.fdpass.OwnedFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.bench.run.Contender;
import dev.fdpass.bench.run.Ends;
import dev.fdpass.bench.run.EndsLane;
import dev.fdpass.bench.run.Lane;
import dev.fdpass.bench.run.SentFds;
import dev.fdpass.bench.run.Work;
import dev.fdpass.frame.FrameMessage;
import dev.fdpass.frame.FramedChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** fdpass with frames: length headers on a stream, in reusable messages, where others send packets. */
public final class FdpassFrames implements Contender {
    @Override
    public String name() {
        return "fdpass-frames";
    }

    @Override
    public @Nullable Lane open(Work work, SentFds sent) throws IOException {
        return work.isOfFrames() ? new EndsLane(work, new Frames(work, sent)) : null;
    }

    private static final class Frames implements Ends {
        private final Work work;
        private final FramedChannel near;
        private final FramedChannel far;
        private final FrameMessage out;
        private final FrameMessage in;
        private final FrameMessage back;
        private final FrameMessage backIn;

        Frames(Work work, SentFds sent) throws IOException {
            this.work = work;
            SocketPair<UnixStream> pair = UnixStream.pair();
            near = FramedChannel.over(pair.first());
            far = FramedChannel.over(pair.second());
            out = sent(work, sent);
            back = sent(work, sent);
            in = FrameMessage.allocate(work.bytes());
            backIn = FrameMessage.allocate(work.bytes());
        }

        private static FrameMessage sent(Work work, SentFds sent) {
            FrameMessage message = FrameMessage.allocate(work.bytes());
            message.data().put(new byte[work.bytes()]);
            for (OwnedFd fd : sent.owned()) {
                message.addFd(fd);
            }
            return message;
        }

        @Override
        public void send() throws IOException {
            near.send(out);
        }

        @Override
        public void receive() throws IOException {
            receive(far, in);
        }

        @Override
        public void sendBack() throws IOException {
            far.send(back);
        }

        @Override
        public void receiveBack() throws IOException {
            receive(near, backIn);
        }

        /** Closes what the frame before brought, as every loop of receives does. */
        private void receive(FramedChannel channel, FrameMessage message) throws IOException {
            if (!channel.receive(message)) {
                throw new IOException("the end of the stream");
            }
            Ends.check(work, message.bytes(), message.fdCount());
        }

        @Override
        public void stop() throws IOException {
            near.close(); // which wakes whoever waits
            far.close();
        }

        @Override
        public void close() throws IOException {
            near.close();
            far.close();
            out.close();
            in.close();
            back.close();
            backIn.close();
        }
    }
}
