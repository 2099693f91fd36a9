package dev.fdpass.bench.run.peers;

import dev.fdpass.OwnedFd;
import dev.fdpass.bench.run.Contender;
import dev.fdpass.bench.run.Ends;
import dev.fdpass.bench.run.EndsLane;
import dev.fdpass.bench.run.Lane;
import dev.fdpass.bench.run.SentFds;
import dev.fdpass.bench.run.UnavailableException;
import dev.fdpass.bench.run.Work;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.newsclub.net.unix.AFSocket;
import org.newsclub.net.unix.AFSocketType;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketExtensions;
import org.newsclub.net.unix.AFUNIXSocketPair;
import org.newsclub.net.unix.FileDescriptorAccess;
import org.newsclub.net.unix.FileDescriptorCast;

/** junixsocket, through its channels. It takes no more than {@value #MOST_FDS} descriptors in one message. */
public final class Junixsocket implements Contender {
    private static final int MOST_FDS = 60;
    private static final int ROOM_BYTES = 1024;

    @Override
    public String name() {
        return "junixsocket";
    }

    @Override
    public Lane open(Work work, SentFds sent) throws IOException, UnavailableException {
        if (!AFSocket.isSupported()) {
            throw new UnavailableException("junixsocket has no native library for this machine");
        }
        return new EndsLane(work, new Channels(work, sent));
    }

    private static final class Channels implements Ends {
        private final Work work;
        private final ByteChannel near;
        private final ByteChannel far;
        private final Set<Path> opened;
        private final List<FileDescriptor[]> messages = new ArrayList<>();
        private final ByteBuffer[] parts;
        private final ByteBuffer out;
        private final ByteBuffer in;
        private final ByteBuffer back;
        private final ByteBuffer backIn;

        Channels(Work work, SentFds sent) throws IOException {
            this.work = work;
            Set<Path> before = sockets();
            if (work.kind() == Work.Kind.STREAM) {
                AFUNIXSocketPair<AFUNIXSocketChannel> pair = AFUNIXSocketPair.open();
                near = pair.getFirst();
                far = pair.getSecond();
            } else {
                AFUNIXSocketPair<AFUNIXDatagramChannel> pair = AFUNIXSocketPair.openDatagram(
                        work.kind() == Work.Kind.DATAGRAM ? AFSocketType.SOCK_DGRAM : AFSocketType.SOCK_SEQPACKET);
                near = pair.getFirst();
                far = pair.getSecond();
            }
            opened = sockets();
            opened.removeAll(before);
            extensions(near).ensureAncillaryReceiveBufferSize(ROOM_BYTES);
            extensions(far).ensureAncillaryReceiveBufferSize(ROOM_BYTES);
            List<FileDescriptor> all = new ArrayList<>();
            for (int number : sent.numbers()) {
                all.add(FileDescriptorCast.unsafeUsing(number).getFileDescriptor());
            }
            for (int i = 0; i < all.size(); i += MOST_FDS) {
                messages.add(all.subList(i, Math.min(i + MOST_FDS, all.size())).toArray(FileDescriptor[]::new));
            }
            if (messages.isEmpty()) {
                messages.add(new FileDescriptor[0]);
            }
            parts = Buffers.direct(work);
            out = ByteBuffer.allocateDirect(work.bytes());
            in = ByteBuffer.allocateDirect(work.bytes());
            back = ByteBuffer.allocateDirect(work.bytes());
            backIn = ByteBuffer.allocateDirect(work.bytes());
        }

        private static AFUNIXSocketExtensions extensions(ByteChannel channel) {
            return (AFUNIXSocketExtensions) channel;
        }

        @Override
        public void send() throws IOException {
            if (parts.length > 1) { // its gathering write sends the first buffer only
                Buffers.clear(parts);
                out.clear();
                for (ByteBuffer part : parts) {
                    out.put(part);
                }
            }
            send(near, out);
        }

        @Override
        public void receive() throws IOException {
            receive(far, in);
        }

        @Override
        public void sendBack() throws IOException {
            send(far, back);
        }

        @Override
        public void receiveBack() throws IOException {
            receive(near, backIn);
        }

        private void send(ByteChannel channel, ByteBuffer buffer) throws IOException {
            for (FileDescriptor[] fds : messages) {
                buffer.clear();
                if (fds.length > 0) {
                    extensions(channel).setOutboundFileDescriptors(fds);
                }
                channel.write(buffer);
            }
        }

        private void receive(ByteChannel channel, ByteBuffer buffer) throws IOException {
            int fds = 0;
            int bytes = 0;
            for (int i = 0; i < messages.size(); i++) {
                buffer.clear();
                bytes = channel.read(buffer);
                if (work.fds() > 0) {
                    FileDescriptor[] received = extensions(channel).getReceivedFileDescriptors();
                    for (FileDescriptor fd : received) {
                        new FileInputStream(fd).close();
                        fds++;
                    }
                }
            }
            Ends.check(work, bytes, fds);
        }

        /** Closing it would wake nobody, and its packet channels have no shutdown(2). */
        @Override
        public void stop() throws IOException {
            FileDescriptor fd = ((FileDescriptorAccess) near).getFileDescriptor();
            SocketTypes.shutDown(FileDescriptorCast.using(fd).as(Integer.class));
        }

        @Override
        public void close() throws IOException {
            near.close();
            far.close();
            // Opening a pair makes two more sockets than two, which nothing closes, the garbage collector neither.
            for (Path left : opened) {
                if (sockets().contains(left)) {
                    OwnedFd.adopt(Integer.parseInt(left.getFileName() + "")).close();
                }
            }
        }

        /** The sockets that this process has open. */
        private static Set<Path> sockets() throws IOException {
            Set<Path> sockets = new TreeSet<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
                for (Path file : files) {
                    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                            && Files.readSymbolicLink(file).toString().startsWith("socket:")) {
                        sockets.add(file);
                    }
                }
            }
            return sockets;
        }
    }
}
