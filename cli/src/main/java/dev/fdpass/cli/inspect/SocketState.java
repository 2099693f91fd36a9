package dev.fdpass.cli.inspect;

/**
 * A socket, as a table of {@code /proc/PID/net} has it.
 *
 * @param type family and type, {@code unix seqpacket} or {@code tcp6}
 * @param state {@code listening}, {@code established} and the like
 * @param local its address; empty if it has none
 * @param remote that of its peer; empty if it has none, or the table does not tell
 */
record SocketState(String type, String state, String local, String remote) {
    @Override
    public String toString() {
        return type + " " + state
                + (local.isEmpty() ? "" : (remote.isEmpty() ? " at " : " ") + local)
                + (remote.isEmpty() ? "" : " to " + remote);
    }
}
