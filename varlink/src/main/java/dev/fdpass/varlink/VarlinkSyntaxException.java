package dev.fdpass.varlink;

/** An interface description that cannot be understood. The message says where, what was expected and what stands there. */
public final class VarlinkSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** From 1. */
    private final int line;
    /** From 1, in characters. */
    private final int column;

    VarlinkSyntaxException(int line, int column, String problem) {
        super("line " + line + ", column " + column + ": " + problem);
        this.line = line;
        this.column = column;
    }

    /** {@return the line, from 1} */
    public int line() {
        return line;
    }

    /** {@return the column, from 1, in characters (UTF-16)} */
    public int column() {
        return column;
    }
}
