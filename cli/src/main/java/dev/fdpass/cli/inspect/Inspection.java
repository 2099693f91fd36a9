package dev.fdpass.cli.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What was found of one {@link Target}.
 *
 * @param process its number
 * @param program what it runs, as far as may be seen
 * @param whole whether all its descriptors were asked for
 * @param files by number
 */
record Inspection(long process, String program, boolean whole, List<OpenFile> files) {

    static Inspection of(Target target) throws IOException {
        long process = target.process();
        SocketTables sockets = new SocketTables(process);
        List<OpenFile> files = new ArrayList<>();
        if (target.number().isPresent()) {
            files.add(OpenFile.of(process, target.number().getAsInt(), sockets));
        } else {
            for (int number : numbers(process)) {
                try {
                    files.add(OpenFile.of(process, number, sockets));
                } catch (NoSuchFileException e) {
                    // Closed since it was listed.
                }
            }
        }
        return new Inspection(process, program(process), target.number().isEmpty(), files);
    }

    private static List<Integer> numbers(long process) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/" + process + "/fd"))) {
            for (Path link : links) {
                numbers.add(Integer.valueOf(link.getFileName().toString()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException e) {
            throw new IOException("there is no process " + process, e);
        } catch (AccessDeniedException e) {
            throw new IOException("process " + process + " is not yours to look into; its user may, and root", e);
        }
        numbers.sort(null);
        return numbers;
    }

    /** A process gives itself any name; what is no UTF-8 in it shows as such. */
    private static String program(long process) throws IOException {
        String line = new String(Files.readAllBytes(Path.of("/proc/" + process + "/comm")), UTF_8);
        return line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
    }
}
