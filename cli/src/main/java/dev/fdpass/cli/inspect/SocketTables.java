package dev.fdpass.cli.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of the network namespace of a process, by inode: {@code proc_pid_net(5)}. Read when the first one is asked
 * for.
 *
 * <p>What is said of Unix sockets are claims: the kernel prints names as they are, line feeds too, so that any process of
 * the namespace can make up rows. One that contradicts the real one shows; one for a socket of another kind does not.
 */
final class SocketTables {
    private static final List<String> INTERNET = List.of("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6");

    /** {@code __SO_ACCEPTCON}, in the column Flags. */
    private static final String LISTENS = "00010000";

    /** {@code Num RefCount Protocol Flags Type St Inode Path}; a path may contain anything. */
    private static final Pattern UNIX_ROW = Pattern.compile(
            "[0-9a-f]+: [0-9A-F]{8} [0-9A-F]{8} (?<flags>[0-9A-F]{8}) (?<type>[0-9A-F]{4})"
                    + " (?<state>[0-9A-F]{2}) +(?<inode>[0-9]{1,18})(?: (?<name>.*))?",
            Pattern.DOTALL);

    /** Of two rows for one socket, one is made up. */
    private static final SocketState CONTESTED = new SocketState("unix", "(contradictory in /proc/net/unix)", "", "");

    private static final Map<String, String> UNIX_TYPES =
            Map.of("0001", "unix stream", "0002", "unix datagram", "0005", "unix seqpacket");
    private static final Map<String, String> TCP_STATES = Map.ofEntries(
            Map.entry("01", "established"),
            Map.entry("02", "syn sent"),
            Map.entry("03", "syn received"),
            Map.entry("04", "fin wait 1"),
            Map.entry("05", "fin wait 2"),
            Map.entry("06", "time wait"),
            Map.entry("07", "closed"),
            Map.entry("08", "close wait"),
            Map.entry("09", "last ack"),
            Map.entry("0A", "listening"),
            Map.entry("0B", "closing"));

    private final Path directory;
    private @Nullable Map<Long, SocketState> sockets;

    SocketTables(long process) {
        directory = Path.of("/proc/" + process + "/net");
    }

    /** The socket with this inode; null if no table has it. */
    @Nullable
    SocketState find(long inode) throws IOException {
        if (sockets == null) {
            sockets = read();
        }
        return sockets.get(inode);
    }

    private Map<Long, SocketState> read() throws IOException {
        Map<Long, SocketState> all = new HashMap<>();
        for (String row : rows("unix")) {
            addUnix(row, all);
        }
        for (String type : INTERNET) {
            for (String row : rows(type)) {
                addInternet(type, row.strip().split("\\s+"), all);
            }
        }
        return all;
    }

    private List<String> rows(String table) throws IOException {
        try {
            String text = new String(Files.readAllBytes(directory.resolve(table)), ISO_8859_1);
            List<String> rows = List.of(text.split("\n", -1));
            return rows.subList(1, rows.size());
        } catch (NoSuchFileException e) {
            return List.of(); // this kernel has no such sockets
        }
    }

    private static void addUnix(String row, Map<Long, SocketState> all) {
        Matcher columns = UNIX_ROW.matcher(row);
        if (!columns.matches()) {
            return; // what follows a line feed in a name
        }
        String state = columns.group("flags").equals(LISTENS)
                ? "listening"
                : columns.group("state").equals("03") ? "connected" : "unconnected";
        String name = columns.group("name");
        String path = name == null ? "" : new String(name.getBytes(ISO_8859_1), UTF_8);
        String type = UNIX_TYPES.getOrDefault(columns.group("type"), "unix type " + columns.group("type"));
        SocketState socket = new SocketState(type, state, path, "");
        all.merge(Long.valueOf(columns.group("inode")), socket, (one, other) -> CONTESTED);
    }

    /** {@code sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …}. */
    private static void addInternet(String type, String[] columns, Map<Long, SocketState> all) {
        if (columns.length < 10) {
            return;
        }
        boolean connected = columns[3].equals("01");
        String state = type.startsWith("tcp")
                ? TCP_STATES.getOrDefault(columns[3], "state " + columns[3])
                : connected ? "connected" : "unconnected";
        String remote = columns[2].endsWith(":0000") ? "" : address(columns[2]);
        all.put(Long.parseLong(columns[9]), new SocketState(type, state, address(columns[1]), remote));
    }

    /** {@code 0100007F:0050}: words of the machine's own byte order, in hexadecimal. */
    private static String address(String text) {
        int colon = text.indexOf(':');
        ByteBuffer bytes = ByteBuffer.allocate(colon / 2).order(ByteOrder.nativeOrder());
        for (int i = 0; i < colon; i += 8) {
            bytes.putInt(Integer.parseUnsignedInt(text, i, i + 8, 16));
        }
        int port = Integer.parseInt(text, colon + 1, text.length(), 16);
        try {
            InetAddress address = InetAddress.getByAddress(bytes.array());
            String host = address.getHostAddress();
            return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + colon / 2 + " bytes", e);
        }
    }
}
