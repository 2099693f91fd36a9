package dev.fdpass.systemd;

import dev.fdpass.EventFd;
import java.time.Duration;

/** A service that nobody manages: tells all that there is to tell, says how that went. */
public final class TellsNobody {
    private TellsNobody() {}

    public static void main(String... arguments) throws Exception {
        NotifySocket manager = NotifySocket.fromEnvironment();
        System.out.println(manager + " " + manager.isPresent());
        manager.ready();
        manager.reloading();
        manager.withSendTimeout(Duration.ofSeconds(1)).watchdog();
        try (EventFd bell = EventFd.create()) {
            manager.storeFds("bell", bell);
        }
        manager.barrier(Duration.ZERO);
        manager.stopping();
        try {
            manager.status("two\nlines");
        } catch (IllegalArgumentException e) {
            System.out.println("refused");
        }
    }
}
