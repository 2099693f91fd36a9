package dev.fdpass.cli.inspect;

import dev.fdpass.cli.FileArgument;
import dev.fdpass.cli.Output;
import dev.fdpass.cli.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code fdpass inspect}. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Show what descriptors are: of a process, or of the command itself.",
        description = {
            "",
            "Kind, access, status flags, position, name, and for sockets their type, state and addresses. Only reads"
                    + " /proc: nothing is opened, and the process does not notice. POSITION and FLAGS belong to the open"
                    + " file, and whoever received the descriptor shares them.",
            ""
        },
        footer = {
            "",
            "For example:",
            "  fdpass inspect 1234                # every descriptor of a process",
            "  fdpass inspect 1234:5              # one of them",
            "  fdpass inspect fd:3 3<>/dev/zero   # one that it inherits"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
public final class InspectCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "TARGET",
            converter = ToTarget.class,
            description = "A process by its number, PID:N for its descriptor N, or fd:N for one that was inherited.")
    private List<Target> targets;

    @Option(names = "--json", description = "Print one JSON object a target instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<Inspection> all = new ArrayList<>();
        for (Target target : targets) {
            if (target.inherited()) {
                FileArgument.checkInherited(target.number().orElseThrow());
            }
            all.add(Inspection.of(target));
        }
        StringBuilder text = new StringBuilder();
        for (Inspection inspection : all) {
            text.append(json ? InspectJson.format(inspection) : InspectTable.format(inspection));
        }
        try (Output out = Output.standard()) {
            out.write(text.toString().getBytes(json ? StandardCharsets.UTF_8 : System.out.charset()));
        }
        return 0;
    }

    /** {@link Target} from text. */
    static final class ToTarget implements ITypeConverter<Target> {
        @Override
        public Target convert(String text) {
            try {
                return Target.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
