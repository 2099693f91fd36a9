package dev.fdpass.varlink;

import dev.fdpass.AsFd;
import java.util.ArrayList;
import java.util.List;

/** The descriptors of a message that is being written, in the order of their indexes. They are somebody else's. */
final class SentFds {
    private final List<AsFd> fds = new ArrayList<>();

    SentFds(AsFd... first) {
        for (AsFd fd : first) {
            fds.add(fd);
        }
    }

    /** Adds one: its index. */
    int add(AsFd fd) {
        fds.add(fd);
        return fds.size() - 1;
    }

    AsFd[] toArray() {
        return fds.toArray(AsFd[]::new);
    }

    List<AsFd> list() {
        return fds;
    }
}
