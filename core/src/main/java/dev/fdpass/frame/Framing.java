package dev.fdpass.frame;

/**
 * How the frames of a byte stream are told apart, and which of the descriptors that come belong to which of them. On packet
 * sockets a packet is a frame, whatever is said here.
 *
 * <p>With every framing the descriptors of a frame go with its first byte. A receive of the kernel ends behind bytes that carry
 * descriptors, and may have bytes of earlier sends in front of them; so what a receive brought belongs to the frame that has
 * the last byte of it. {@code docs/protocols.md} shows each framing byte by byte.
 *
 * <p>Immutable.
 */
public final class Framing {
    private enum Kind {
        LENGTH_HEADER,
        NUL_TERMINATED,
        JSON
    }

    private static final Framing LENGTH_HEADER = new Framing(Kind.LENGTH_HEADER, "");
    private static final Framing NUL_TERMINATED = new Framing(Kind.NUL_TERMINATED, "");

    private final Kind kind;
    /** The member of a JSON object that says how many descriptors it has. */
    private final String member;

    private Framing(Kind kind, String member) {
        this.kind = kind;
        this.member = member;
    }

    /**
     * A header of 12 bytes before each frame: magic and version, the number of its bytes, the number of its descriptors. The
     * two numbers are checked against what comes. The one to choose where both ends are yours.
     *
     * @return this framing
     */
    public static Framing lengthHeader() {
        return LENGTH_HEADER;
    }

    /**
     * A NUL behind each frame, which has none in it: Varlink, as systemd speaks it. A frame has at most 253 descriptors; how
     * many it should have, its content says, if anything.
     *
     * @return this framing
     */
    public static Framing nulTerminated() {
        return NUL_TERMINATED;
    }

    /**
     * One JSON object after the other, each of which says how many descriptors it has, with a member {@code "fds"} at its top
     * level: JSON-RPC of container tools (bootc-dev/jsonrpc-fdpass).
     *
     * @return this framing
     */
    public static Framing selfDelimitingJson() {
        return selfDelimitingJson("fds");
    }

    /**
     * One JSON object after the other, each of which says how many descriptors it has. They are numbered as they come, on the
     * whole connection: a frame gets the next ones, and what it leaves the next frame gets. Those that one message does not
     * hold follow the object, with one space for each 253.
     *
     * <p>The object is looked at as far as it takes to find its end: it must have the grammar of RFC 8259, but for that of
     * numbers, and nest no deeper than 512. Its text is for a JSON library to read.
     *
     * @param member the member at the top level that is the number of descriptors, 0 if there is none: 1 to 64 printable
     *     characters of ASCII without quotation mark and backslash
     * @return this framing
     */
    public static Framing selfDelimitingJson(String member) {
        boolean isPlain = member.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\');
        if (member.isEmpty() || member.length() > 64 || !isPlain) {
            throw new IllegalArgumentException("the member \"" + member + "\" of " + member.length()
                    + " characters; give 1 to 64 printable characters of ASCII without quotation mark and backslash");
        }
        return new Framing(Kind.JSON, member);
    }

    FrameParser newParser(FrameLimits limits) {
        return switch (kind) {
            case LENGTH_HEADER -> new LengthHeader(limits);
            case NUL_TERMINATED -> new NulTerminated(limits);
            case JSON -> new JsonFrames(member, limits);
        };
    }

    boolean isLengthHeader() {
        return kind == Kind.LENGTH_HEADER;
    }

    boolean isNulTerminated() {
        return kind == Kind.NUL_TERMINATED;
    }

    boolean isJson() {
        return kind == Kind.JSON;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Framing framing && kind == framing.kind && member.equals(framing.member);
    }

    @Override
    public int hashCode() {
        return kind.hashCode() * 31 + member.hashCode();
    }

    /** Which one, for people. */
    @Override
    public String toString() {
        return switch (kind) {
            case LENGTH_HEADER -> "length header";
            case NUL_TERMINATED -> "NUL-terminated";
            case JSON -> "self-delimiting JSON with \"" + member + "\"";
        };
    }
}
