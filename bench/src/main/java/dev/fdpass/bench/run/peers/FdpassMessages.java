package dev.fdpass.bench.run.peers;

import dev.fdpass.OwnedFd;
import dev.fdpass.ScmMessage;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.bench.run.Contender;
import dev.fdpass.bench.run.Ends;
import dev.fdpass.bench.run.EndsLane;
import dev.fdpass.bench.run.Lane;
import dev.fdpass.bench.run.SentFds;
import dev.fdpass.bench.run.Work;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** fdpass through the message door: {@link ScmMessage}. */
public final class FdpassMessages implements Contender {
    private static final Duration SPIN = Duration.ofNanos(50_000);

    private final boolean spins;

    private FdpassMessages(boolean spins) {
        this.spins = spins;
    }

    /** {@return the one that blocks} */
    public static FdpassMessages blocking() {
        return new FdpassMessages(false);
    }

    /** {@return the one that tries again for 50 µs before it blocks} */
    public static FdpassMessages spinning() {
        return new FdpassMessages(true);
    }

    @Override
    public String name() {
        return spins ? "fdpass-spin" : "fdpass";
    }

    @Override
    public @Nullable Lane open(Work work, SentFds sent) throws IOException {
        if (spins && work.flow() == Work.Flow.PASS) {
            return null; // one thread alone waits for nobody
        }
        Messages messages = new Messages(work, sent);
        if (spins) {
            messages.near.setReceiveSpin(SPIN);
            messages.far.setReceiveSpin(SPIN);
        }
        return new EndsLane(work, messages);
    }

    private static final class Messages implements Ends {
        private final Work work;
        private final SocketPair<? extends ScmSocket> pair;
        private final ScmSocket near;
        private final ScmSocket far;
        private final ScmMessage out;
        private final ScmMessage in;
        private final ScmMessage back;
        private final ScmMessage backIn;

        Messages(Work work, SentFds sent) throws IOException {
            this.work = work;
            pair = SocketTypes.pair(work.kind());
            near = pair.first();
            far = pair.second();
            out = sent(work, sent);
            back = sent(work, sent);
            in = empty(work);
            backIn = empty(work);
        }

        private static ScmMessage sent(Work work, SentFds sent) {
            ScmMessage message = empty(work);
            if (work.buffers() == 1) {
                message.payload().put(new byte[work.bytes()]);
            }
            for (OwnedFd fd : sent.owned()) {
                message.addFd(fd);
            }
            return message;
        }

        private static ScmMessage empty(Work work) {
            if (work.buffers() == 1) {
                return ScmMessage.allocate(work.bytes(), work.fds());
            }
            ScmMessage message = ScmMessage.allocate(0, work.fds());
            for (int i = 0; i < work.buffers(); i++) {
                message.addBuffer(Arena.ofAuto().allocate(work.bytes() / work.buffers()));
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

        /** Closes what the message before brought, as every loop of receives does. */
        private void receive(ScmSocket socket, ScmMessage message) throws IOException {
            if (!socket.receive(message)) {
                throw new IOException("the end of the stream");
            }
            Ends.check(work, message.bytes(), message.fdCount());
        }

        @Override
        public void stop() throws IOException {
            pair.close(); // which wakes whoever waits
        }

        @Override
        public void close() throws IOException {
            pair.close();
            out.close();
            in.close();
            back.close();
            backIn.close();
        }
    }
}
