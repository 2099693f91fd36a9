package dev.fdpass.fuzz;

/** A target with a bug that bytes by chance alone would not find in a year. */
public final class PlantedBug {
    private PlantedBug() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length >= 6
                && new String(input, 0, 6, java.nio.charset.StandardCharsets.ISO_8859_1).equals("fdpass")) {
            throw new IllegalStateException("the planted bug");
        }
    }
}
