package dev.fdpass.cli.inspect;

import dev.fdpass.FdInfo;
import dev.fdpass.cli.Printable;
import dev.fdpass.cli.Table;
import java.util.stream.Collectors;

/** What was found, for people. */
final class InspectTable {
    private InspectTable() {}

    static String format(Inspection inspection) {
        Table table = new Table("FD", "KIND", "ACCESS", "FLAGS", "POSITION", "SIZE", "NAME", "").alignRight(0, 4, 5);
        for (OpenFile file : inspection.files()) {
            FdInfo info = file.info();
            boolean hasPlace = info.kind() == FdInfo.Kind.REGULAR
                    || info.kind() == FdInfo.Kind.MEMFD
                    || info.kind() == FdInfo.Kind.BLOCK_DEVICE;
            table.row(
                    Integer.toString(info.number()),
                    info.kind().toString(),
                    info.access().toString(),
                    flags(file),
                    hasPlace ? Long.toString(file.position()) : "",
                    hasPlace ? Long.toString(info.size()) : "",
                    Printable.of(info.name()),
                    Printable.of(file.remark()));
        }
        int count = inspection.files().size();
        String heading = "process " + inspection.process() + " (" + Printable.of(inspection.program()) + ")"
                + (inspection.whole() ? ", " + count + " descriptor" + (count == 1 ? "" : "s") : "");
        return heading + System.lineSeparator() + table;
    }

    private static String flags(OpenFile file) {
        String flags =
                file.info().flags().stream().sorted().map(FdInfo.Flag::toString).collect(Collectors.joining(" "));
        return file.info().closeOnExec() ? (flags.isEmpty() ? "" : flags + " ") + "cloexec" : flags;
    }
}
