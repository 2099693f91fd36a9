package dev.fdpass.cli.varlink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fdpass.AsFd;
import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import dev.fdpass.UnixAddress;
import dev.fdpass.cli.Closing;
import dev.fdpass.cli.Copy;
import dev.fdpass.cli.Deadline;
import dev.fdpass.cli.Failures;
import dev.fdpass.cli.FileArgument;
import dev.fdpass.cli.Output;
import dev.fdpass.varlink.Replies;
import dev.fdpass.varlink.Reply;
import dev.fdpass.varlink.VarlinkClient;
import dev.fdpass.varlink.VarlinkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code fdpass varlink call} is to do. */
final class Calling {
    private final String method;
    private final ObjectNode parameters;
    private final List<String> files;
    private final boolean cat;

    Calling(String method, String parameters, List<String> files, boolean cat) {
        int dot = method.lastIndexOf('.');
        if (dot <= 0 || dot == method.length() - 1) {
            throw new IllegalArgumentException(
                    "METHOD '" + method + "' has no interface; give both, such as org.example.files.Open");
        }
        this.method = method;
        this.parameters = object(parameters);
        this.files = files;
        this.cat = cat;
    }

    /** A JSON object, or why it is none. */
    static ObjectNode object(String text) {
        JsonNode node;
        try {
            node = Json.read(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("PARAMETERS are " + e.getMessage(), e);
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException(
                "PARAMETERS are no JSON object; give one, such as {\"path\":\"/etc/hosts\"}");
    }

    void run(UnixAddress address, boolean more, boolean oneway, Deadline deadline) throws IOException {
        List<OwnedFd> fds = new ArrayList<>();
        try (Closing _ = new Closing(fds);
                Output out = Output.standard()) {
            FileArgument.openAll(files, fds);
            AsFd[] sent = fds.toArray(new AsFd[0]);
            try (VarlinkClient client = Clients.connect(address, deadline)) {
                if (oneway) {
                    boolean unused = Clients.await(client, deadline, address + " to take the call", left -> {
                        client.oneway(method, parameters, sent);
                        return true;
                    });
                } else if (more) {
                    printAll(client, sent, deadline, out);
                } else {
                    try (Reply reply = Clients.await(client, deadline, "a reply", left -> call(client, sent))) {
                        print(reply, out);
                    }
                }
            }
        }
    }

    private Reply call(VarlinkClient client, AsFd[] sent) throws IOException {
        try {
            return client.call(method, parameters, sent);
        } catch (VarlinkException e) {
            throw e.is(VarlinkException.EXPECTED_MORE)
                    ? new IOException(e.getMessage() + " (call it with --more)", e)
                    : e;
        }
    }

    private void printAll(VarlinkClient client, AsFd[] sent, Deadline deadline, Output out) throws IOException {
        try (Replies<Reply> replies = Clients.await(
                client, deadline, "the service to take the call", left -> client.more(method, parameters, sent))) {
            while (true) {
                Optional<Reply> next = Clients.await(client, deadline, "a reply", left -> replies.next());
                if (next.isEmpty()) {
                    return;
                }
                try (Reply reply = next.get()) {
                    print(reply, out);
                }
            }
        }
    }

    private void print(Reply reply, Output out) throws IOException {
        out.write(Json.line(reply.parameters()).getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < reply.fdCount(); i++) {
            try (OwnedFd fd = reply.takeFd(i)) {
                FdInfo info = fd.info();
                if (cat) {
                    Copy.rest(info, fd, out);
                } else {
                    Failures.tell("descriptor " + i + " is " + kind(info) + " (" + info.access() + "), " + info.name());
                }
            }
        }
    }

    /** In a sentence. */
    private static String kind(FdInfo info) {
        return switch (info.kind()) {
            case REGULAR -> "a regular file";
            case EVENTFD -> "an eventfd";
            case EPOLL -> "an epoll instance";
            case ANONYMOUS -> "an anonymous file";
            default -> "a " + info.kind();
        };
    }
}
