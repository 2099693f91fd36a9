package dev.fdpass.bench.run.peers;

import dev.fdpass.bench.run.Contender;
import dev.fdpass.bench.run.Ends;
import dev.fdpass.bench.run.EndsLane;
import dev.fdpass.bench.run.Lane;
import dev.fdpass.bench.run.SentFds;
import dev.fdpass.bench.run.UnavailableException;
import dev.fdpass.bench.run.Work;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.posix.CmsgHdr;
import jnr.posix.MsgHdr;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;

/** jnr-posix. Its headers cannot be made ready for a second receive, so each receive makes one. */
public final class Jnr implements Contender {
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    @Override
    public String name() {
        return "jnr-posix";
    }

    @Override
    public Lane open(Work work, SentFds sent) throws IOException, UnavailableException {
        POSIX posix = POSIXFactory.getNativePOSIX();
        if (!posix.isNative()) {
            throw new UnavailableException("jnr-posix has no native library for this machine");
        }
        return new EndsLane(work, new Headers(posix, work, sent));
    }

    private static final class Headers implements Ends {
        private final POSIX posix;
        private final Work work;
        private final int[] pair = new int[2];
        private final MsgHdr out;
        private final MsgHdr back;
        private final ByteBuffer[] in;
        private final ByteBuffer[] backIn;
        private final Object kept; // what the headers point to

        Headers(POSIX posix, Work work, SentFds sent) throws IOException {
            this.posix = posix;
            this.work = work;
            if (posix.socketpair(SocketTypes.AF_UNIX, SocketTypes.number(work.kind()), 0, pair) != 0) {
                throw new IOException("socketpair: " + posix.errno());
            }
            ByteBuffer data =
                    ByteBuffer.allocateDirect(Integer.BYTES * work.fds()).order(ByteOrder.nativeOrder());
            data.asIntBuffer().put(sent.numbers());
            ByteBuffer[] buffers = Buffers.direct(work);
            out = posix.allocateMsgHdr();
            back = posix.allocateMsgHdr();
            kept = new Object[] {buffers, data, prepare(out, buffers, data), prepare(back, buffers, data)};
            in = Buffers.direct(work);
            backIn = Buffers.direct(work);
        }

        private Object prepare(MsgHdr header, ByteBuffer[] buffers, ByteBuffer data) {
            header.setIov(buffers);
            if (work.fds() == 0) {
                return header;
            }
            CmsgHdr control = header.allocateControl(Integer.BYTES * work.fds());
            control.setLevel(SOL_SOCKET);
            control.setType(SCM_RIGHTS);
            control.setData(data.duplicate());
            return control;
        }

        @Override
        public void send() throws IOException {
            send(pair[0], out);
        }

        @Override
        public void receive() throws IOException {
            receive(pair[1], in);
        }

        @Override
        public void sendBack() throws IOException {
            send(pair[1], back);
        }

        @Override
        public void receiveBack() throws IOException {
            receive(pair[0], backIn);
        }

        private void send(int socket, MsgHdr header) throws IOException {
            try {
                if (posix.sendmsg(socket, header, MSG_NOSIGNAL) != work.bytes()) {
                    throw new IOException("sendmsg: " + posix.errno());
                }
            } finally {
                Reference.reachabilityFence(kept);
            }
        }

        private void receive(int socket, ByteBuffer[] buffers) throws IOException {
            MsgHdr header = posix.allocateMsgHdr();
            Buffers.clear(buffers);
            header.setIov(buffers);
            CmsgHdr control = work.fds() == 0 ? null : header.allocateControl(Integer.BYTES * work.fds());
            try {
                int bytes = posix.recvmsg(socket, header, MSG_CMSG_CLOEXEC);
                Ends.check(work, bytes, control == null ? 0 : closeAll(header));
            } finally {
                Reference.reachabilityFence(control);
            }
        }

        private int closeAll(MsgHdr header) {
            int fds = 0;
            for (CmsgHdr received : header.getControls()) {
                ByteBuffer numbers = received.getData().order(ByteOrder.nativeOrder());
                while (numbers.remaining() >= Integer.BYTES) {
                    posix.close(numbers.getInt());
                    fds++;
                }
            }
            return fds;
        }

        @Override
        public void stop() throws IOException {
            SocketTypes.shutDown(pair[0]);
        }

        @Override
        public void close() {
            posix.close(pair[0]);
            posix.close(pair[1]);
        }
    }
}
