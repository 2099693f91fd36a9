package dev.fdpass.races;

import java.time.Duration;
import java.util.Arrays;

/**
 * jcstress with an end: a race that hangs, or in which a foreign descriptor was closed with which jcstress talks to its
 * JVMs, would hold up the build for ever.
 *
 * <p>{@code RunRaces <seconds> <arguments of jcstress>}
 */
public final class RunRaces {
    private RunRaces() {}

    /** Returns when all is well, and else ends the JVM with another status. */
    public static void main(String[] args) throws Exception {
        Duration limit = Duration.ofSeconds(Long.parseLong(args[0]));
        // Whatever ends this JVM, those that race do not outlive it.
        Runtime.getRuntime().addShutdownHook(new Thread(RunRaces::endRaces));
        Thread.ofPlatform().daemon().start(() -> watch(limit));
        org.openjdk.jcstress.Main.main(Arrays.copyOfRange(args, 1, args.length));
    }

    private static void watch(Duration limit) {
        try {
            Thread.sleep(limit);
        } catch (InterruptedException e) {
            return;
        }
        System.err.println(
                "FAILED: the races are not over after " + limit.toSeconds()
                        + " s: one hangs, or the machine is busy. Try -Draces.only=<part of a name>, or a larger -Draces.limit");
        System.exit(1);
    }

    private static void endRaces() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }
}
