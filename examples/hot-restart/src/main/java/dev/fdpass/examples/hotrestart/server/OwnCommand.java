package dev.fdpass.examples.hotrestart.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line that this process was started with, so that the successor is started in the same way. */
final class OwnCommand {
    private OwnCommand() {}

    /**
     * The command of a successor: the same JVM, options and class path.
     *
     * @param moreOptions of the JVM
     * @param arguments of the program, instead of those of this process
     */
    static List<String> with(List<String> moreOptions, List<String> arguments) throws IOException {
        return with(own(), moreOptions, arguments);
    }

    static List<String> with(List<String> own, List<String> moreOptions, List<String> arguments) {
        int main = own.indexOf(ServerMain.class.getName());
        if (main < 0) {
            throw new IllegalStateException(
                    "this process was not started with " + ServerMain.class.getName() + " on its command line: " + own);
        }
        List<String> command = new ArrayList<>(own.subList(0, main));
        command.addAll(moreOptions);
        command.add(own.get(main));
        command.addAll(arguments);
        return command;
    }

    /** From the kernel: the JDK tells no more than a page of it. */
    private static List<String> own() throws IOException {
        String[] words = Files.readString(Path.of("/proc/self/cmdline")).split("\0", -1);
        List<String> command = new ArrayList<>(List.of(words).subList(0, words.length - 1));
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return command;
    }
}
