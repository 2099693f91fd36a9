package dev.fdpass.jdk;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.nio.channels.NetworkChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the descriptor of a channel by a {@link Mark}. */
final class MarkSearch {
    /** So many values in a row nobody else has by chance. */
    private static final int ENOUGH = 5;
    /** Until then other sockets have gone. */
    private static final int MOST = 16;

    private MarkSearch() {}

    /**
     * The number of a placeholder, which no other thread knows: it cannot be closed meanwhile. Of all numbers only those are
     * kept that show each new value; the right one always does, so the last one left is it.
     *
     * @param hint what it may be
     */
    static int placeholder(NetworkChannel channel, int hint) throws IOException {
        Mark mark = Mark.onPlaceholder(channel);
        if (hint != Numbers.NONE && showsAll(mark, hint)) {
            return hint;
        }
        int[] left = Numbers.open();
        for (int round = 1; round <= MOST && left.length > 0; round++) {
            mark.change();
            left = Arrays.stream(left).filter(mark::isOn).toArray();
            if (round >= ENOUGH && left.length == 1) {
                return left[0];
            }
        }
        throw new IOException(
                "the descriptor of a new channel was not found" + Advice.startWith(SocketInternals.PACKAGE));
    }

    private static boolean showsAll(Mark mark, int number) throws IOException {
        for (int round = 1; round <= ENOUGH; round++) {
            mark.change();
            if (!mark.isOn(number)) {
                return false;
            }
        }
        return true;
    }

    /** Chooses the option of a channel; null if it has none that would do. */
    interface Marking {
        @Nullable
        Mark on(NetworkChannel channel) throws IOException;
    }

    /**
     * A duplicate of the descriptor of a channel that others use. One mark at a time, from the look at what it has before: two
     * threads would undo each other's, or restore the other's mark.
     *
     * @param another a new channel of the kind
     * @return null if none was found for sure
     */
    static synchronized @Nullable OwnedFd duplicate(Marking marking, NetworkChannel channel, NetworkChannel another)
            throws IOException {
        Mark mark = marking.on(channel);
        if (mark == null || !mark.isRestorable(another)) {
            return null;
        }
        List<OwnedFd> found = new ArrayList<>();
        boolean isFound = false;
        try {
            try {
                isFound = search(mark, found);
            } finally {
                restore(mark, found);
            }
            return isFound ? found.removeFirst() : null;
        } finally {
            Duplicates.closeAll(found);
        }
    }

    /** Duplicates first and looks at the duplicates: a number may be another file's the moment after. */
    private static boolean search(Mark mark, List<OwnedFd> found) throws IOException {
        mark.change();
        for (int number : Numbers.open()) {
            if (mark.isOn(number)) {
                OwnedFd duplicate = Duplicates.ifOpen(number);
                if (duplicate != null) {
                    found.add(duplicate);
                }
            }
        }
        for (int round = 1; round <= MOST && !found.isEmpty(); round++) {
            mark.change();
            for (Iterator<OwnedFd> each = found.iterator(); each.hasNext(); ) {
                OwnedFd duplicate = each.next();
                if (!mark.isOn(duplicate.number())) {
                    each.remove();
                    Duplicates.closeQuietly(duplicate);
                }
            }
            if (round >= ENOUGH && Duplicates.areOneOpenFile(found)) {
                return true;
            }
        }
        return false;
    }

    private static void restore(Mark mark, List<OwnedFd> found) throws IOException {
        try {
            mark.restore();
        } catch (IOException e) {
            for (OwnedFd duplicate : found) {
                if (mark.isOn(duplicate.number())) {
                    mark.restore(duplicate.number());
                }
            }
            throw e;
        }
    }
}
