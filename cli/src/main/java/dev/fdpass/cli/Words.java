package dev.fdpass.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The words of a command that is to be executed. The Java machine has replaced what is not in the encoding of its locale, and
 * other words must not be executed in their place.
 */
public final class Words {
    /** What the Java machine makes of bytes that are no text. */
    private static final char REPLACEMENT = '\ufffd';

    private Words() {}

    /**
     * Refuses those that are not as they were written.
     *
     * @param command words of the command line
     * @param spec whose they are
     * @throws ParameterException if there is one
     * @throws IOException if {@code /proc} cannot be read
     */
    public static void check(List<String> command, CommandSpec spec) throws IOException {
        String encoding = System.getProperty("sun.jnu.encoding");
        for (String word : command) {
            if (word.indexOf(REPLACEMENT) >= 0 && !isWritten(encoding)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "COMMAND has the word '" + word + "', which is not in " + encoding
                                + " and cannot be handed on as it is; put the command into a script");
            }
        }
    }

    /** Whether that character stands there as it is. */
    private static boolean isWritten(String encoding) throws IOException {
        byte[] line = Files.readAllBytes(Path.of("/proc/self/cmdline"));
        try {
            Charset.forName(encoding).newDecoder().decode(ByteBuffer.wrap(line));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
