package dev.fdpass.systemd;

import dev.fdpass.EventFd;
import dev.fdpass.FdInfo;
import dev.fdpass.PidFd;
import java.io.IOException;
import java.util.OptionalLong;

/** The inode of a pidfd: since Linux 6.9, where pidfds have a file system of their own, there is one for each process. */
final class PidFdId {
    private PidFdId() {}

    /** That of this process; empty where all pidfds share one inode, or none can be had. */
    static OptionalLong ofSelf() {
        try (PidFd self = PidFd.open(ProcessHandle.current());
                EventFd anonymous = EventFd.create()) {
            FdInfo info = self.asFd().info();
            // Before, they are anonymous files as eventfds are. The name in /proc is the same in both.
            boolean isAnonymous = info.device() == anonymous.asFd().info().device();
            return isAnonymous ? OptionalLong.empty() : OptionalLong.of(info.inode());
        } catch (IOException | UnsupportedOperationException e) {
            return OptionalLong.empty(); // as systemd's library takes it
        }
    }
}
