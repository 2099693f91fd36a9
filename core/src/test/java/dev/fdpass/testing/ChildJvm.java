package dev.fdpass.testing;

import dev.fdpass.ScmSocket;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Starts a class of these tests in a JVM of its own, on the class path. */
public final class ChildJvm {
    private ChildJvm() {}

    public static ProcessBuilder of(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                root(ScmSocket.class) + ":" + root(main),
                main.getName()));
        command.addAll(Stream.of(arguments).toList());
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /** The directory or archive that a class came from, also where the tests are patched into the module. */
    private static Path root(Class<?> type) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        try {
            URI uri = type.getResource("/" + file).toURI();
            if (uri.getScheme().equals("jar")) {
                String archive = uri.getSchemeSpecificPart();
                return Path.of(URI.create(archive.substring(0, archive.indexOf('!'))));
            }
            Path path = Path.of(uri);
            for (int i = 0; i < Path.of(file).getNameCount(); i++) {
                path = path.getParent();
            }
            return path;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
