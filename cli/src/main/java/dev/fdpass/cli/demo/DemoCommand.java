package dev.fdpass.cli.demo;

import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Output;
import dev.fdpass.cli.SocketType;
import dev.fdpass.cli.Table;
import dev.fdpass.cli.Terminal;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code fdpass demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Pass open files to a second process, and prove that they arrived.",
        description = {
            "",
            "Passes a regular file, the end of a pipe, an eventfd, shared memory and a listening TCP socket, over a"
                    + " stream, a datagram and a seqpacket socket. Ends with status 0 only if every proof holds.",
            ""
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
public final class DemoCommand implements Callable<Integer> {
    private static final String HOLDS = "proved";
    private static final String FAILED = "FAILED";
    private static final long QUIET_NANOS = 2_000_000_000;

    @Spec
    private CommandSpec spec;

    private final long start = System.nanoTime();
    private final Table table = new Table("SOCKET", "WHAT", "SENT", "ARRIVED", "", "HOW")
            .style(HOLDS, "fg(green)")
            .style(FAILED, "bold,fg(red)");
    private int proved;

    @Override
    public Integer call() throws IOException {
        Map<SocketType, Place> places = new EnumMap<>(SocketType.class);
        try {
            for (SocketType type : SocketType.values()) {
                places.put(type, Place.open(type));
            }
            meet(places);
        } finally {
            for (Place place : places.values()) {
                place.close();
            }
        }
        return proved == SocketType.values().length * Exhibits.ALL.size() ? 0 : 1;
    }

    private void meet(Map<SocketType, Place> places) throws IOException {
        List<UnixAddress> addresses = new ArrayList<>();
        for (Place place : places.values()) {
            addresses.add(place.address());
        }
        int ownArguments =
                spec.root().commandLine().getParseResult().originalArgs().size();
        try (PeerProcess process = PeerProcess.start(ownArguments, addresses)) {
            try {
                for (Map.Entry<SocketType, Place> place : places.entrySet()) {
                    passAll(place.getKey(), place.getValue(), process);
                }
            } catch (IOException e) {
                table.row("", "", "", "", FAILED, String.valueOf(e.getMessage()));
            }
            show(process.pid());
        }
    }

    private void passAll(SocketType type, Place place, PeerProcess process) throws IOException {
        try (ScmSocket socket = place.meet()) {
            Conversation conversation = new Conversation(socket);
            for (Exhibit exhibit : Exhibits.ALL) {
                tellProgress(type, exhibit);
                table.row(pass(type, exhibit, new Peer(conversation), process));
            }
            conversation.say(DemoPeerCommand.END);
        }
    }

    private String[] pass(SocketType type, Exhibit exhibit, Peer peer, PeerProcess process) throws IOException {
        try {
            Proof proof = exhibit.pass(peer);
            proved++;
            return new String[] {type.toString(), exhibit.name(), proof.sent(), proof.arrived(), HOLDS, proof.text()};
        } catch (IOException | RuntimeException e) {
            process.abandon(); // nothing that it says can be relied upon any more
            throw new IOException(exhibit.name() + " over " + type + ": " + e.getMessage(), e);
        }
    }

    private void tellProgress(SocketType type, Exhibit exhibit) {
        if (System.nanoTime() - start > QUIET_NANOS && Terminal.isWatched()) {
            System.err.println("fdpass: " + type + ", " + exhibit.name() + " ...");
        }
    }

    private void show(long peer) throws IOException {
        String text = "Process " + ProcessHandle.current().pid() + " passes open files to process " + peer + ":"
                + System.lineSeparator() + System.lineSeparator() + table + System.lineSeparator()
                + proved + " of " + SocketType.values().length * Exhibits.ALL.size() + " proofs hold."
                + System.lineSeparator();
        Output.standard().write(text.getBytes(System.out.charset()));
    }
}
