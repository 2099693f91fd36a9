package dev.fdpass.examples.sharedring.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.SocketPair;
import dev.fdpass.UnixStream;
import dev.fdpass.spawn.Spawn;
import dev.fdpass.spawn.SpawnedProcess;
import dev.fdpass.testing.JavaProgram;
import dev.fdpass.tube.Tube;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link RingPeer}, and the tube to it. */
final class RingChild implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final SpawnedProcess process;
    private final Tube<RingOffer, RingOffer> tube;
    private final BufferedReader output;

    private RingChild(SpawnedProcess process, Tube<RingOffer, RingOffer> tube) {
        this.process = process;
        this.tube = tube;
        output = process.inputReader();
    }

    static RingChild start(Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                JavaProgram.tool("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RingPeer.class.getName()));
        for (Object each : arguments) {
            command.add(each.toString());
        }
        SocketPair<UnixStream> pair = UnixStream.pair();
        try (UnixStream theirs = pair.second()) {
            SpawnedProcess process = Spawn.of(command)
                    .fd(RingPeer.TUBE, theirs)
                    .stdinPipe()
                    .stdoutPipe()
                    .stderrToStdout()
                    .start();
            return new RingChild(process, Tube.over(pair.first(), RingOffer.class, RingOffer.class));
        }
    }

    Tube<RingOffer, RingOffer> tube() {
        return tube;
    }

    void says(String line) throws IOException {
        assertThat(output.readLine()).isEqualTo(line);
    }

    void tell() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    void kill() {
        process.destroyForcibly();
    }

    /** It has done all, and has the descriptors that it began with. */
    void endsWell() throws IOException, InterruptedException {
        String rest = String.join("\n", output.lines().toList());
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(rest).isTrue();
        assertThat(rest).isEqualTo("done");
        assertThat(process.exitValue()).isZero();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        tube.close();
        output.close();
        process.getOutputStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
