package dev.fdpass.cli.hold;

import dev.fdpass.Interest;
import dev.fdpass.OwnedFd;
import dev.fdpass.Poller;
import dev.fdpass.Registration;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;

/** Which descriptors are of no use any more: {@code EPOLLHUP} or {@code EPOLLERR}. */
final class HangUps {
    private HangUps() {}

    static List<OwnedFd> among(List<OwnedFd> fds) throws IOException {
        List<OwnedFd> gone = new ArrayList<>();
        if (fds.isEmpty()) {
            return gone;
        }
        try (Poller<OwnedFd> poller = Poller.open(fds.size())) {
            for (OwnedFd fd : fds) {
                try {
                    poller.register(fd, Interest.READ, fd);
                } catch (IllegalArgumentException | ClosedChannelException e) {
                    // A file on a disk, which cannot hang up; or it is closed already.
                }
            }
            int count = poller.tryAwait();
            for (int i = 0; i < count; i++) {
                Registration<OwnedFd> ready = poller.ready(i);
                if (ready.isHangUp() || ready.isError()) {
                    gone.add(ready.attachment());
                }
            }
        }
        return gone;
    }
}
