package dev.fdpass.cli;

import dev.fdpass.UnixAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code fdpass send} without picocli, which takes longer to start than the sending itself. Only what is right and
 * plain: for all else, help and mistakes among it, picocli is asked, whose {@link SendCommand} is what counts. A test
 * holds one against the other.
 */
final class QuickSend {
    private final List<String> positional = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private SocketType type = SocketType.STREAM;
    private @Nullable String text;
    private @Nullable Path dataFile;
    private boolean listen;
    private @Nullable Duration timeout;

    private QuickSend() {}

    /** What is to be sent; or null if picocli is to be asked. */
    static @Nullable Sending read(String... arguments) {
        if (arguments.length < 3 || !arguments[0].equals("send")) {
            return null;
        }
        try {
            return new QuickSend().readAll(arguments);
        } catch (RuntimeException e) {
            return null; // a wrong address, type or time, or none: picocli finds it too, and says it better
        }
    }

    private @Nullable Sending readAll(String[] arguments) {
        for (int i = 1; i < arguments.length; i++) {
            String argument = arguments[i];
            if (!argument.startsWith("-")) {
                positional.add(argument);
            } else if (argument.equals("--listen")) {
                listen = true;
                options.add(argument);
            } else {
                int equals = argument.indexOf('=');
                options.add(equals < 0 ? argument : argument.substring(0, equals));
                String value = equals < 0 ? arguments[++i] : argument.substring(equals + 1);
                if (value.startsWith("-") || !take(options.getLast(), value)) {
                    return null;
                }
            }
        }
        boolean repeated = options.size() != Set.copyOf(options).size();
        if (repeated || positional.size() < 2) {
            return null;
        }
        Sending sending = new Sending(
                UnixAddress.of(positional.getFirst()),
                positional.subList(1, positional.size()),
                type,
                text,
                dataFile,
                listen,
                timeout);
        return sending.problem() == null ? sending : null;
    }

    private boolean take(String name, String value) {
        switch (name) {
            case "--type" -> type = SocketType.of(value);
            case "--data" -> text = value;
            case "--data-file" -> dataFile = Path.of(value);
            case "--timeout" -> timeout = Durations.parse(value);
            default -> {
                return false;
            }
        }
        return true;
    }
}
