package dev.fdpass.bench.run.peers;

import dev.fdpass.OwnedFd;
import dev.fdpass.ScmBatch;
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
import org.jspecify.annotations.Nullable;

/** fdpass with one system call for all messages of an operation: {@link ScmBatch}. */
public final class FdpassBatch implements Contender {
    @Override
    public String name() {
        return "fdpass-batch";
    }

    @Override
    public @Nullable Lane open(Work work, SentFds sent) throws IOException {
        if (work.messages() == 1) {
            return null; // one message is no batch
        }
        return new EndsLane(work, new Batches(work, sent));
    }

    /** Sends with the last message that is to go, and receives with the first that is to come. */
    private static final class Batches implements Ends {
        private final Work work;
        private final SocketPair<? extends ScmSocket> pair;
        private final ScmBatch out;
        private final ScmBatch in;
        private int toSend;
        private int taken;
        private int came;

        Batches(Work work, SentFds sent) throws IOException {
            this.work = work;
            pair = SocketTypes.pair(work.kind());
            out = ScmBatch.allocate(work.messages(), work.bytes(), work.fds());
            in = ScmBatch.allocate(work.messages(), work.bytes(), work.fds());
            for (ScmMessage message : out.messages()) {
                message.payload().put(new byte[work.bytes()]);
                for (OwnedFd fd : sent.owned()) {
                    message.addFd(fd);
                }
            }
        }

        @Override
        public void send() throws IOException {
            if (++toSend == work.messages()) {
                pair.first().sendAll(out, toSend);
                toSend = 0;
            }
        }

        @Override
        public void receive() throws IOException {
            if (taken == came) {
                came = pair.second().receiveAll(in);
                taken = 0;
            }
            ScmMessage message = in.message(taken++);
            Ends.check(work, message.bytes(), message.fdCount());
        }

        @Override
        public void sendBack() {
            throw new UnsupportedOperationException("a batch goes one way");
        }

        @Override
        public void receiveBack() {
            throw new UnsupportedOperationException("a batch goes one way");
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
        }
    }
}
