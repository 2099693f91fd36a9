package dev.fdpass.examples.hotrestart.server;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.examples.hotrestart.handover.CrashPoint;
import dev.fdpass.examples.hotrestart.handover.OldServer;
import dev.fdpass.examples.hotrestart.handover.Successor;
import dev.fdpass.examples.hotrestart.http.Site;
import dev.fdpass.examples.hotrestart.service.Log;
import dev.fdpass.examples.hotrestart.service.Service;
import dev.fdpass.jdk.JdkSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;

/**
 * A server that is told on standard input what to do, and says on standard output what it does. Its successors inherit both,
 * and the one that serves reads.
 *
 * <pre>
 * < restart                        replace this process; options for the JVM of the successor may follow
 * < stop                           or the end of the input: end
 * > serving PID on PORT
 * > restarted OLD-PID NEW-PID after MILLIS ms, CONNECTIONS connections given, LEFT left
 * > kept PID: REASON
 * </pre>
 */
final class ServerProgram {
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(Integer.getInteger("hotrestart.drainSeconds", 10));

    private final Variant variant;
    private final Service service;
    private final OwnedFd listener;

    private ServerProgram(Variant variant, Service service, OwnedFd listener) {
        this.variant = variant;
        this.service = service;
        this.listener = listener;
    }

    /** Until it is told to end; returns the status of the process. */
    static int first(Variant variant, int port) throws IOException, InterruptedException {
        Site site = new Site(ProcessHandle.current().pid());
        WarmUp.run(variant, site);
        try (Service service = variant.create(site);
                OwnedFd listener = listen(port)) {
            service.accept(listener);
            return new ServerProgram(variant, service, listener).obey();
        }
    }

    private static OwnedFd listen(int port) throws IOException {
        try (ServerSocketChannel channel = WarmUp.listen(port)) {
            return JdkSockets.duplicateOf(channel);
        }
    }

    /** The same, of one that a predecessor has started. */
    static int successor(Variant variant, int linkNumber) throws IOException, InterruptedException {
        Site site = new Site(ProcessHandle.current().pid());
        try (Service service = variant.create(site);
                UnixSeqpacket link = UnixSeqpacket.adopt(OwnedFd.adopt(linkNumber));
                OwnedFd listener =
                        new Successor(service, CrashPoint::pass).takeOver(link, () -> WarmUp.run(variant, site))) {
            return new ServerProgram(variant, service, listener).obey();
        }
    }

    /** Does what a server does, and ends. */
    static int train(Variant variant) throws IOException, InterruptedException {
        WarmUp.run(variant, new Site(ProcessHandle.current().pid()));
        return 0;
    }

    private int obey() throws IOException, InterruptedException {
        long pid = ProcessHandle.current().pid();
        SocketAddress address = JdkSockets.localAddress(listener).orElseThrow();
        System.out.println("serving " + pid + " on " + ((InetSocketAddress) address).getPort());
        CommandInput input = CommandInput.standard();
        for (String line = input.nextLine(); !line.equals("stop"); line = input.nextLine()) {
            List<String> words = List.of(line.strip().split(" +", -1));
            if (words.getFirst().equals("restart")) {
                if (restart(words.subList(1, words.size()))) {
                    return 0;
                }
            } else if (!line.isBlank()) {
                Log.say("\"" + line + "\" is nothing to do; there are restart, restart OPTIONS-OF-THE-JVM, and stop");
            }
        }
        return 0;
    }

    private boolean restart(List<String> options) throws IOException, InterruptedException {
        long pid = ProcessHandle.current().pid();
        long begin = System.nanoTime();
        List<String> command;
        try {
            command = OwnCommand.with(options, List.of(variant.toString(), "--successor", "" + OldServer.LINK_NUMBER));
        } catch (IOException e) {
            return kept(pid, "its own command line cannot be read: " + e);
        }
        OldServer.Outcome outcome = new OldServer(service, listener, DRAIN_LIMIT).replaceBy(command);
        if (outcome.failure().isPresent()) {
            return kept(pid, outcome.failure().get());
        }
        System.out.println("restarted " + pid + " " + outcome.successor() + " after "
                + (System.nanoTime() - begin) / 1_000_000 + " ms, " + outcome.connections() + " connections given, "
                + outcome.left() + " left");
        return true;
    }

    private static boolean kept(long pid, String reason) {
        System.out.println("kept " + pid + ": " + reason.lines().findFirst().orElse(""));
        return false;
    }
}
