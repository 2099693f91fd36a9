package dev.fdpass.examples.hotrestart.server;

import dev.fdpass.examples.hotrestart.service.Log;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * The server program. The first server is started with a variant and a port, a successor by its predecessor:
 *
 * <pre>
 * ServerMain jdk --port 8080
 * ServerMain jdk --successor 3
 * ServerMain jdk --train         # warms up and ends, for the cache of the JVM
 * </pre>
 */
public final class ServerMain {
    private static final int FAILED = 1;
    private static final int WRONG_COMMAND_LINE = 2;

    private ServerMain() {}

    /**
     * Serves until standard input ends, or a successor has taken over.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        int status;
        try {
            status = run(List.of(arguments));
        } catch (IOException | InterruptedException | RuntimeException e) {
            Log.say("ends: " + e);
            status = FAILED;
        }
        Runtime.getRuntime().halt(status); // what is to be closed is; threads of libraries are not waited for
    }

    private static int run(List<String> arguments) throws IOException, InterruptedException {
        if (arguments.size() >= 2) {
            Variant variant = Variant.valueOf(arguments.getFirst().toUpperCase(Locale.ROOT));
            if (arguments.get(1).equals("--train") && arguments.size() == 2) {
                return ServerProgram.train(variant);
            }
            if (arguments.size() == 3) {
                int number = Integer.parseInt(arguments.get(2));
                switch (arguments.get(1)) {
                    case "--port" -> {
                        return ServerProgram.first(variant, number);
                    }
                    case "--successor" -> {
                        return ServerProgram.successor(variant, number);
                    }
                    default -> {}
                }
            }
        }
        Log.say("give jdk or netty, and then --port NUMBER, --successor NUMBER or --train; not " + arguments);
        return WRONG_COMMAND_LINE;
    }
}
