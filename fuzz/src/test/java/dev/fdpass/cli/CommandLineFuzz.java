package dev.fdpass.cli;

import static dev.fdpass.fuzz.Inputs.check;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.fuzz.Inputs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The whole command line, read and not run. */
@DisplayName("Any command line is understood or refused, and QuickSend understands what picocli does")
public final class CommandLineFuzz {
    /** By first word; to make one takes far longer than to use it again. */
    private static final Map<String, CommandLine> COMMANDS = new HashMap<>();

    private CommandLineFuzz() {}

    /** Jazzer calls it before the time counts: the first command of each kind loads all of picocli and of the command. */
    public static void fuzzerInitialize() {
        for (String line : List.of("", "demo", "demo-peer\n@a\n@b\n@c", "receive\n@a", "send\n@a\n/x\n--timeout=1s")) {
            fuzzerTestOneInput(line.getBytes(UTF_8));
        }
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String[] arguments = Inputs.arguments(input);
        Sending quick = QuickSend.read(arguments);
        ParseResult parsed;
        try {
            parsed = command(arguments).parseArgs(arguments);
        } catch (ParameterException e) {
            check(quick == null, "QuickSend takes what picocli refuses: %s", e.getMessage());
            check(e.getMessage() != null && !e.getMessage().isBlank(), "it does not say why");
            return;
        }
        Sending slow = sending(parsed);
        check(quick == null || quick.equals(slow), "QuickSend reads %s, picocli %s", quick, slow);
        check(quick == null || slow.problem() == null, "QuickSend takes what is refused: %s", quick);
        checkFiles(slow);
    }

    private static CommandLine command(String[] arguments) {
        String known = List.of("send", "receive", "demo", "demo-peer").contains(arguments[0]) ? arguments[0] : "";
        return COMMANDS.computeIfAbsent(known, FdpassCommand::commandLine);
    }

    private static Sending sending(ParseResult parsed) {
        // Where help or the version is asked for, picocli does not mind what is missing, and nothing is sent.
        boolean isSend = parsed.hasSubcommand()
                && parsed.subcommand().commandSpec().userObject() instanceof SendCommand
                && !isHelpRequested(parsed)
                && !isHelpRequested(parsed.subcommand());
        return isSend ? ((SendCommand) parsed.subcommand().commandSpec().userObject()).sending() : null;
    }

    private static boolean isHelpRequested(ParseResult parsed) {
        return parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
    }

    private static void checkFiles(Sending sending) {
        if (sending != null && sending.problem() == null) {
            check(!sending.files().isEmpty(), "nothing to send");
            check(sending.files().stream().allMatch(FileArgument::isValid), "FILE %s", sending.files());
            check(sending.address() != null && sending.type() != null, "incomplete: %s", sending);
            Deadline.in(sending.timeout());
        }
    }
}
