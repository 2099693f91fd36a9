package dev.fdpass.cli;

/** The types of Unix-domain socket. */
public enum SocketType {
    /** Bytes in order. */
    STREAM,
    /** Packets to an address. */
    DATAGRAM,
    /** Packets on a connection. */
    SEQPACKET;

    private final String text = name().toLowerCase(java.util.Locale.ROOT);

    /** The type of that name; throws {@link IllegalArgumentException} with the names that there are. */
    static SocketType of(String text) {
        for (SocketType type : values()) {
            if (type.text.equals(text)) {
                return type;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no type of socket; write stream, datagram or seqpacket");
    }

    /** The name, as the command line has it. */
    @Override
    public String toString() {
        return text;
    }
}
