package dev.fdpass.varlink;

import org.jspecify.annotations.Nullable;

/** The words and signs of an interface description, with the comments before them. */
final class InterfaceTokens {
    enum Kind {
        WORD,
        SIGN,
        END
    }

    /**
     * A word or a sign.
     *
     * @param kind which of these
     * @param text as it stands there; empty at the end
     * @param at index of its first character
     * @param comment the comment right before it, without {@code #}
     */
    record Token(Kind kind, String text, int at, String comment) {
        boolean is(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }

        boolean isWord(String word) {
            return kind == Kind.WORD && text.equals(word);
        }
    }

    private final String text;
    private int at;
    private @Nullable Token peeked;

    InterfaceTokens(String text) {
        this.text = text;
    }

    Token peek() {
        if (peeked == null) {
            peeked = read();
        }
        return peeked;
    }

    Token next() {
        Token token = peek();
        peeked = null;
        return token;
    }

    /** The only token that has dots and hyphens in it. */
    Token nextInterfaceName() {
        String comment = skip();
        int start = at;
        while (at < text.length() && (isWordCharacter(text.charAt(at)) || ".-".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        Token token = new Token(Kind.WORD, text.substring(start, at), start, comment);
        if (!Names.isInterface(token.text())) {
            throw expected(
                    "the name of the interface, of two or more parts with letters, digits and hyphens that are separated by"
                            + " dots, such as org.example.files",
                    token.text().isEmpty() ? read() : token);
        }
        return token;
    }

    private Token read() {
        String comment = skip();
        int start = at;
        if (start == text.length()) {
            return new Token(Kind.END, "", start, comment);
        }
        if (isWordCharacter(text.charAt(at))) {
            while (at < text.length() && isWordCharacter(text.charAt(at))) {
                at++;
            }
            return new Token(Kind.WORD, text.substring(start, at), start, comment);
        }
        at += text.startsWith("->", at) ? 2 : Character.charCount(text.codePointAt(at));
        return new Token(Kind.SIGN, text.substring(start, at), start, comment);
    }

    private static boolean isWordCharacter(char c) {
        return Names.isLetterOrDigit(c) || c == '_';
    }

    /** Goes to what is next, over blanks and comments. What is behind an empty line belongs to nothing. */
    private String skip() {
        StringBuilder comment = new StringBuilder();
        boolean isBlank = true; // nothing but blanks in this line so far
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = at;
                while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
                    end++;
                }
                String line = text.substring(at + 1, end);
                comment.append(comment.isEmpty() ? "" : "\n").append(line.startsWith(" ") ? line.substring(1) : line);
                at = end - 1;
                isBlank = false;
            } else if (c == '\n') {
                if (isBlank) {
                    comment.setLength(0);
                }
                isBlank = true;
            } else if (c != ' ' && c != '\t' && c != '\r') {
                break;
            }
        }
        return comment.toString();
    }

    VarlinkSyntaxException expected(String what, Token found) {
        String there = found.kind() == Kind.END ? "the end" : "\"" + found.text() + "\"";
        return wrong("expected " + what + ", found " + there, found);
    }

    VarlinkSyntaxException wrong(String problem, Token where) {
        int start = text.lastIndexOf('\n', where.at() - 1) + 1;
        return new VarlinkSyntaxException(line(where), where.at() - start + 1, problem);
    }

    int line(Token token) {
        int line = 1;
        for (int i = 0; i < token.at(); i++) {
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        return line;
    }
}
