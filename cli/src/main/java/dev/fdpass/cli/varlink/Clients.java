package dev.fdpass.cli.varlink;

import dev.fdpass.UnixAddress;
import dev.fdpass.UnixStream;
import dev.fdpass.cli.Deadline;
import dev.fdpass.varlink.VarlinkClient;
import java.io.IOException;

/** Connections to services. */
final class Clients {
    private Clients() {}

    static VarlinkClient connect(UnixAddress address, Deadline deadline) throws IOException {
        return VarlinkClient.over(deadline.onceSomebodyListens(
                address, "a place in the queue of " + address, left -> UnixStream.connect(address, left)));
    }

    /** Waits for something that a client does. */
    static <T> T await(VarlinkClient client, Deadline deadline, String what, Deadline.Attempt<T> attempt)
            throws IOException {
        return deadline.once(what, left -> {
            client.setRequestTimeout(left);
            return attempt.within(left);
        });
    }
}
