package dev.fdpass.cli.demo;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import dev.fdpass.Received;
import dev.fdpass.ScmSocket;
import dev.fdpass.UnixAddress;
import dev.fdpass.cli.SocketType;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The second process of the demo. */
@Command(name = "demo-peer", hidden = true, header = "The second process of the demo.")
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
public final class DemoPeerCommand implements Callable<Integer> {
    static final String END = "end";

    @Parameters(arity = "3", paramLabel = "ADDRESS", description = "One for each type of socket.")
    private List<String> addresses;

    @Override
    public Integer call() throws IOException {
        SocketType[] types = SocketType.values();
        for (int i = 0; i < types.length; i++) {
            try (ScmSocket socket = Place.go(types[i], UnixAddress.of(addresses.get(i)))) {
                attend(new Conversation(socket));
            }
        }
        return 0;
    }

    private static void attend(Conversation conversation) throws IOException {
        while (true) {
            try (Received received = conversation.hear()) {
                String text = Conversation.text(received);
                if (text.equals(END)) {
                    return;
                }
                conversation.say(report(text, received, conversation));
            }
        }
    }

    private static String report(String name, Received received, Conversation conversation) {
        try (OwnedFd fd = received.takeFd(0)) {
            FdInfo info = fd.info();
            return new Report(info, Exhibits.named(name).use(fd, conversation)).encode();
        } catch (IOException | RuntimeException e) {
            return "it failed: " + e; // which is no report, so the sender finds nothing proved
        }
    }
}
