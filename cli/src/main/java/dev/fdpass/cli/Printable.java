package dev.fdpass.cli;

/** Text of a peer, made harmless for a terminal: a file's name may contain anything. */
public final class Printable {
    private Printable() {}

    /** The text with control characters as {@code \}{@code uNNNN}. */
    public static String of(String text) {
        StringBuilder safe = null;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int end = i + Character.charCount(c);
            // Format characters too: they can make a terminal show text in another order than it has, or hide some.
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                safe = safe == null ? new StringBuilder(text.substring(0, i)) : safe;
                for (int half = i; half < end; half++) {
                    String hex = Integer.toHexString(text.charAt(half));
                    safe.append("\\u").repeat("0", 4 - hex.length()).append(hex);
                }
            } else if (safe != null) {
                safe.appendCodePoint(c);
            }
            i = end;
        }
        return safe == null ? text : safe.toString();
    }
}
