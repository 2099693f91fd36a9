package dev.fdpass.cli;

import dev.fdpass.Credentials;
import dev.fdpass.FdInfo;

/** What arrived, for people: a line about the message, and a table of the descriptors. */
final class ArrivalTable implements ArrivalFormat {
    private static final int PREVIEW = 60;

    @Override
    public String format(Arrival arrival) {
        StringBuilder text = new StringBuilder(heading(arrival)).append(System.lineSeparator());
        if (!arrival.infos().isEmpty()) {
            Table table = new Table("FD", "KIND", "ACCESS", "SIZE", "INODE", "PATH").alignRight(0, 3, 4);
            for (FdInfo info : arrival.infos()) {
                table.row(
                        Integer.toString(info.number()),
                        info.kind().toString(),
                        info.access().toString(),
                        Long.toString(info.size()),
                        Long.toString(info.inode()),
                        Printable.of(info.name()));
            }
            text.append(table);
        }
        return text.toString();
    }

    private static String heading(Arrival arrival) {
        int bytes = arrival.data().remaining();
        String text = "message " + arrival.number() + ": " + count(bytes, "byte") + (bytes == 0 ? "" : preview(arrival))
                + ", " + count(arrival.fds().size(), "descriptor");
        Credentials peer = arrival.peer();
        if (peer != null) {
            text += ", from pid " + peer.pid() + " uid " + peer.uid() + " gid " + peer.gid();
        }
        text += arrival.payloadTruncated() ? "; more bytes were sent than fit" : "";
        return text + (arrival.controlTruncated() ? "; more descriptors were sent than fit, and closed" : "");
    }

    private static String preview(Arrival arrival) {
        return arrival.text()
                .map(text ->
                        " \"" + Printable.of(text.length() <= PREVIEW ? text : text.substring(0, PREVIEW) + "…") + "\"")
                .orElse("");
    }

    private static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
