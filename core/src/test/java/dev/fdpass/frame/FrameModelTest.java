package dev.fdpass.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.Memfds;
import dev.fdpass.testing.OpenFiles;
import dev.fdpass.testing.Python;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random frames go through random pieces, truncations, faults and kills. A model knows which frames must arrive; every
 * descriptor is counted. {@code -Dfdpass.frames.cases=N} and {@code -Dfdpass.frames.seed=N} choose how many and which.
 */
class FrameModelTest {
    private static final int CASES = Integer.getInteger("fdpass.frames.cases", 600);
    private static final long SEED = Long.getLong("fdpass.frames.seed", System.nanoTime());

    @Test
    @DisplayName("R09 R21 S05: what arrives is what the model says, to the last descriptor")
    void everyFrameAndEveryDescriptor() throws Exception {
        FrameModel.Counts total = new FrameModel.Counts();
        Map<FrameModel.Disturbance, Integer> disturbances = new EnumMap<>(FrameModel.Disturbance.class);
        try (Memfds files = new Memfds(FrameModel.FILES)) {
            int before = OpenFiles.count();
            for (int i = 0; i < CASES; i++) {
                long seed = SEED + i;
                FrameModel model = new FrameModel(new Random(seed), files);
                try {
                    model.run();
                    OpenFiles.awaitCount(before);
                } catch (Exception | AssertionError e) {
                    throw new AssertionError("-Dfdpass.frames.seed=" + seed + " -Dfdpass.frames.cases=1: " + model, e);
                }
                total.add(model.counts());
                disturbances.merge(model.disturbance(), 1, Integer::sum);
            }
        }
        System.out.println("frames: seed " + SEED + ", " + CASES + " cases " + disturbances + ": " + total);
        assertThat(total.framesReceived).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R16 R21: of a peer that is killed while it sends, whole frames arrive and what else came is closed")
    void aKilledSender(Wire wire) throws Exception {
        Random random = new Random(SEED);
        int before = OpenFiles.count();
        int frames = 0;
        int inFrame = 0;
        for (int kill = 0; kill < 6; kill++) {
            Killed killed = Killed.run(wire, random.nextInt(30));
            frames += killed.frames();
            inFrame += killed.inFrame() ? 1 : 0;
            assertThat(killed.frames()).isPositive();
            OpenFiles.awaitCount(before);
        }
        System.out.println("frames: 6 kills with " + wire + ", " + frames + " frames, " + inFrame + " in a frame");
    }

    /** Frames that arrived in order, from a process that sends them until it is killed, and how that ended. */
    private record Killed(int frames, boolean inFrame) {
        private static final String SCRIPT = """
                import itertools, os, socket, struct, sys
                peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                peer.connect("\\0" + sys.argv[1])
                fds = [os.memfd_create("killed") for i in range(3)]
                for n in itertools.count():
                    count = n % 4
                    text = b'{"n":%d,"fds":%d,"text":"%s"}' % (n, count, b"x" * (n % 50 * 100))
                    if sys.argv[2] == "HEADER":
                        text = struct.pack("<2sBBII", b"Fd", 1, 0, len(text), count) + text
                    elif sys.argv[2] == "NUL":
                        text += b"\\0"
                    for at in range(0, len(text), 700):
                        socket.send_fds(peer, [text[at:at + 700]], fds[:count] if at == 0 else [])
                """;

        static Killed run(Wire wire, int millis) throws Exception {
            try (UnixStreamListener listener = UnixStreamListener.bind(UnixAddress.unnamed());
                    ChildProcess python = Python.start(
                            SCRIPT, listener.localAddress().toString().substring(1), wire);
                    FramedChannel channel =
                            FramedChannel.over(listener.accept(Duration.ofSeconds(60)), wire.framing())) {
                channel.setReceiveTimeout(Duration.ofSeconds(60));
                int frames = 0;
                long killAt = System.nanoTime() + millis * 1_000_000L;
                boolean isKilled = false;
                try {
                    while (true) {
                        if (!isKilled && frames > 0 && System.nanoTime() >= killAt) {
                            ProcessHandle.of(python.pid()).orElseThrow().destroyForcibly();
                            isKilled = true;
                        }
                        try (Frame frame = channel.receive()) {
                            if (frame.isEndOfStream()) {
                                return new Killed(frames, false);
                            }
                            int fds = frames % 4;
                            assertThat(Wire.bytes(frame.data()))
                                    .isEqualTo(Wire.content(frames, fds, frames % 50 * 100));
                            assertThat(frame.fdCount()).isEqualTo(fds);
                            frames++;
                        }
                    }
                } catch (FrameException e) {
                    assertThat(e.reason()).isEqualTo(FrameException.Reason.ENDED_IN_FRAME);
                    return new Killed(frames, true);
                }
            }
        }
    }
}
