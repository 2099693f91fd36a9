package dev.fdpass.tube;

import dev.fdpass.AsFd;
import dev.fdpass.json.DescriptorSearch;
import dev.fdpass.json.OpenPackages;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The descriptors in a message: in records, lists, sets, arrays, values of maps and optionals, however deep.
 *
 * <pre>{@code
 * FromWorker message = tube.receive();
 * try {
 *     …
 * } finally {
 *     Descriptors.closeAll(message);
 * }
 * }</pre>
 */
public final class Descriptors {
    /** What users have opened. */
    static final OpenPackages PACKAGES =
            OpenPackages.to(Descriptors.class.getModule(), (theirs, name, to) -> theirs.addOpens(name, to));

    private static final DescriptorSearch SEARCH = new DescriptorSearch(PACKAGES);

    private Descriptors() {}

    /**
     * Finds the descriptors in a message.
     *
     * @param message a message, or a part of one
     * @return what holds them, in the order of the components
     * @throws IllegalArgumentException if a record in it may not be read, because its package is not open to this module
     */
    public static List<AsFd> in(Object message) {
        List<AsFd> found = new ArrayList<>();
        SEARCH.in(message, found::add);
        return found;
    }

    /**
     * Closes the descriptors in a message. What is closed already stays so.
     *
     * @param message a message, or a part of one
     * @throws IllegalArgumentException as for {@link #in}; what could be found is closed
     * @throws IOException if closing one of them reports an error; all are closed
     */
    public static void closeAll(Object message) throws IOException {
        List<AsFd> found = new ArrayList<>();
        try {
            SEARCH.in(message, found::add);
        } finally {
            close(found);
        }
    }

    private static void close(List<AsFd> all) throws IOException {
        IOException first = null;
        for (AsFd each : all) {
            try {
                if (each instanceof Closeable closeable) {
                    closeable.close();
                } else {
                    each.asFd().close();
                }
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
