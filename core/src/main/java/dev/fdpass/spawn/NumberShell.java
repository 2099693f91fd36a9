package dev.fdpass.spawn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A command of {@code sh(1)} that puts its process number into variables and executes a program in its place: the number
 * stays. Its own numbers of descriptors begin at 10 when it saves some for a redirection, and here is none.
 */
final class NumberShell {
    static final String SHELL = "/bin/sh";

    /** A variable with a meaning of its own to a shell: dash ends at once if it is no number. */
    static final String SPOILING = "OPTIND";

    /** What shells set by themselves: dash PWD, bash these. */
    private static final List<String> ADDED = List.of("PWD", "OLDPWD", "SHLVL");

    private NumberShell() {}

    /**
     * The command.
     *
     * @param names of the variables that the program has otherwise
     * @param numbersIn names of those that get the number
     */
    static List<String> wrap(
            String shell,
            List<String> command,
            Set<String> names,
            @Nullable Path directory,
            Collection<String> numbersIn)
            throws IOException {
        String unset = Stream.concat(Stream.of("unset _"), ADDED.stream().filter(name -> !names.contains(name)))
                .collect(Collectors.joining(" "));
        String set = numbersIn.stream().map(name -> name + "=$$ ").collect(Collectors.joining());
        List<String> all = new ArrayList<>();
        all.addAll(List.of(shell, "-c", unset + "; " + set + "exec \"$@\"", shell));
        all.add(Program.find(command.getFirst(), directory)); // the shell would look in the program's own PATH
        all.addAll(command.subList(1, command.size()));
        return all;
    }
}
