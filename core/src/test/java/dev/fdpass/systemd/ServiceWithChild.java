package dev.fdpass.systemd;

import dev.fdpass.spawn.Spawn;
import dev.fdpass.testing.JavaProgram;
import java.time.Duration;

/** A service that has a child tell its manager which process that is. */
public final class ServiceWithChild {
    private ServiceWithChild() {}

    public static void main(String... arguments) throws Exception {
        if (arguments.length == 0) {
            Process child = Spawn.of(JavaProgram.onClassPath(ServiceWithChild.class, "child"))
                    .inheritIo()
                    .start();
            System.exit(child.waitFor());
        }
        NotifySocket manager = NotifySocket.fromEnvironment();
        manager.send("X_PID=" + ProcessHandle.current().pid());
        manager.barrier(Duration.ofSeconds(60));
    }
}
