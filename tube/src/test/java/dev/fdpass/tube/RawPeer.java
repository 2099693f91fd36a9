package dev.fdpass.tube;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.AsFd;
import dev.fdpass.ScmSocket;
import dev.fdpass.SocketPair;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.testing.SocketType;
import java.io.Closeable;
import java.io.IOException;

/** A tube whose other end is a channel of frames, which says what no tube would. */
record RawPeer<S, R>(FramedChannel raw, Tube<S, R> tube) implements Closeable {
    static <S, R> RawPeer<S, R> of(SocketType kind, Class<S> sent, Class<R> received) throws IOException {
        SocketPair<? extends ScmSocket> pair = kind.pair();
        return new RawPeer<>(FramedChannel.over(pair.first()), Tube.over(pair.second(), sent, received));
    }

    void send(String json, AsFd... fds) throws IOException {
        raw.send(UTF_8.encode(json), fds);
    }

    @Override
    public void close() throws IOException {
        try (raw) {
            tube.close();
        }
    }
}
