package dev.fdpass.cli;

import dev.fdpass.FdInfo;
import dev.fdpass.FdInfo.Access;
import dev.fdpass.FdInfo.Kind;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Does with each message what was asked for: shows it, saves its files, copies the first to standard output. */
final class ArrivalHandler {
    private final ArrivalFormat format;
    private final boolean cat;
    private final @Nullable SaveDirectory directory;
    private final Output shown;
    private final Charset charset;
    private boolean copied;
    private @Nullable String unsaved;

    ArrivalHandler(ArrivalFormat format, boolean cat, @Nullable SaveDirectory directory) {
        this.format = format;
        this.cat = cat;
        this.directory = directory;
        shown = cat ? Output.error() : Output.standard();
        charset = format instanceof ArrivalJson ? StandardCharsets.UTF_8 : System.out.charset();
    }

    void handle(Arrival arrival) throws IOException {
        shown.write(format.format(arrival).getBytes(charset));
        for (int i = 0; i < arrival.fds().size(); i++) {
            FdInfo info = arrival.infos().get(i);
            if (directory != null && isRegular(info)) {
                save(directory, info, arrival.fds().get(i));
            }
            if (cat && !copied && (isRegular(info) || info.kind() == Kind.PIPE) && isReadable(info)) {
                copied = true;
                Copy.rest(info, arrival.fds().get(i), Output.standard());
            }
        }
    }

    /** All messages have been handled. */
    void finish() throws IOException {
        if (unsaved != null) {
            throw new IOException(unsaved);
        }
        if (cat && !copied) {
            throw new IOException("no regular file or pipe arrived that could be copied");
        }
    }

    private void save(SaveDirectory directory, FdInfo info, OwnedFd fd) throws IOException {
        if (isReadable(info)) {
            Failures.tell("saved " + directory.save(info, fd));
        } else {
            unsaved = "could not save " + info.name() + ": it is open for " + info.access() + " only";
        }
    }

    private static boolean isRegular(FdInfo info) {
        return info.kind() == Kind.REGULAR || info.kind() == Kind.MEMFD;
    }

    private static boolean isReadable(FdInfo info) {
        return info.access() == Access.READ || info.access() == Access.READ_WRITE;
    }
}
