package dev.fdpass.varlink;

/** The grammar of names. By hand, since regular expressions with groups recurse as deep as a text is long. */
final class Names {
    private Names() {}

    /** Whether that can be the name of an interface: {@code org.example.files}. */
    static boolean isInterface(String name) {
        int parts = 0;
        for (int start = 0; start <= name.length(); parts++) {
            int dot = name.indexOf('.', start);
            int end = dot < 0 ? name.length() : dot;
            if (!isPart(name, start, end, parts == 0)) {
                return false;
            }
            start = end + 1;
        }
        return parts >= 2;
    }

    /** Letters, digits, and hyphens between them; in the first part it begins with a letter. */
    private static boolean isPart(String name, int start, int end, boolean isFirst) {
        if (start == end || name.charAt(start) == '-' || name.charAt(end - 1) == '-') {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (!isLetterOrDigit(name.charAt(i)) && name.charAt(i) != '-') {
                return false;
            }
        }
        return !isFirst || isLetter(name.charAt(start));
    }

    /** Whether that can be the name of a type, a method or an error: {@code Open}. */
    static boolean isMember(String name) {
        return !name.isEmpty()
                && name.charAt(0) >= 'A'
                && name.charAt(0) <= 'Z'
                && name.chars().allMatch(c -> isLetterOrDigit((char) c));
    }

    /** Whether that can be the name of a field or a value: {@code file_descriptor}. */
    static boolean isField(String name) {
        return !name.isEmpty()
                && isLetter(name.charAt(0))
                && !name.contains("__")
                && !name.endsWith("_")
                && name.chars().allMatch(c -> isLetterOrDigit((char) c) || c == '_');
    }

    static boolean isLetterOrDigit(char c) {
        return isLetter(c) || (c >= '0' && c <= '9');
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
