package dev.fdpass.systemd;

/** Text of others for a message: on one line, in ASCII, and not too long. */
final class Visible {
    private static final int MOST = 80;

    private Visible() {}

    static String of(String text) {
        StringBuilder visible = new StringBuilder();
        text.chars()
                .limit(MOST)
                .forEach(c ->
                        visible.append(c >= ' ' && c <= '~' ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        return visible.append(text.length() > MOST ? "…" : "").toString();
    }
}
