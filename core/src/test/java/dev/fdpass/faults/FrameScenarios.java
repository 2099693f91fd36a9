package dev.fdpass.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.EventFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.frame.FrameMessage;
import dev.fdpass.frame.FramedChannel;
import dev.fdpass.frame.Framing;
import java.util.Map;

/** Frames of as many descriptors as three messages hold, and one of none. */
final class FrameScenarios {
    private static final int FDS = 600;

    private FrameScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put("send a frame of many parts", FrameScenarios::sendMany);
        all.put("receive a frame of many parts", FrameScenarios::receiveMany);
        all.put("send a frame without descriptors", FrameScenarios::sendPlain);
    }

    /** Two ends of a connection, and a frame to send. */
    private record Ends(FramedChannel left, FramedChannel right, FrameMessage out, FrameMessage in) {
        static Ends of(Stage stage, int fds) throws Exception {
            SocketPair<UnixStream> pair = stage.keep(UnixStream.pair());
            EventFd fd = stage.keep(EventFd.create());
            FrameLimits limits = FrameLimits.DEFAULT.maxFds(FDS);
            FrameMessage out = stage.keep(FrameMessage.allocate(2));
            out.data().put(new byte[2]);
            for (int i = 0; i < fds; i++) {
                out.addFd(fd);
            }
            return new Ends(
                    stage.keep(FramedChannel.over(pair.first(), Framing.lengthHeader(), limits)),
                    stage.keep(FramedChannel.over(pair.second(), Framing.lengthHeader(), limits)),
                    out,
                    stage.keep(FrameMessage.allocate(2)));
        }

        String arrived() throws Exception {
            String what = in.bytes() + " bytes and " + in.fdCount() + " descriptors arrived";
            in.clear();
            return what;
        }
    }

    /** What failed half way is sent on by the next send, and each descriptor arrives once. */
    private static void sendMany(Stage stage) throws Exception {
        Ends ends = Ends.of(stage, FDS);
        stage.operation(() -> {
            ends.left().send(ends.out());
            return null;
        });
        stage.after(failed -> {
            if (failed) {
                ends.left().send(ends.out());
            }
            assertThat(ends.out().isPartlySent()).isFalse();
            ends.right().receive(ends.in());
            return ends.arrived();
        });
    }

    /** What came before it failed is kept for the next receive. */
    private static void receiveMany(Stage stage) throws Exception {
        Ends ends = Ends.of(stage, FDS);
        stage.before(() -> ends.left().send(ends.out()));
        stage.operation(() -> ends.right().receive(ends.in()));
        stage.after(failed -> {
            if (failed) {
                ends.right().receive(ends.in());
            }
            return ends.arrived();
        });
    }

    private static void sendPlain(Stage stage) throws Exception {
        Ends ends = Ends.of(stage, 0);
        stage.operation(() -> {
            ends.left().send(ends.out());
            return null;
        });
        stage.after(failed -> {
            if (failed) {
                ends.left().send(ends.out());
            }
            ends.right().receive(ends.in());
            return ends.arrived();
        });
    }
}
