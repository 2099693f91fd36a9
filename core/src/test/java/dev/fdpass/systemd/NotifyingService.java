package dev.fdpass.systemd;

import java.time.Duration;

/** A service that tells its manager what happens. */
public final class NotifyingService {
    private NotifyingService() {}

    public static void main(String... arguments) throws Exception {
        NotifySocket manager = NotifySocket.fromEnvironment();
        manager.send(
                "READY=1",
                "STATUS=watched every " + NotifySocket.watchdogInterval().orElseThrow());
        manager.barrier(Duration.ofSeconds(60));
        manager.stopping();
    }
}
