package dev.fdpass.spawn;

import dev.fdpass.AsFd;
import dev.fdpass.FdPipe;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a program has as which descriptor.
 *
 * @param fds by the number there
 * @param piped the numbers of ends of pipes, at the other end of which this process is
 * @param isInheriting whether 0, 1 and 2 are those of this process where nothing else is said
 * @param isMerging whether 2 is what 1 is
 */
record Layout(Map<Integer, AsFd> fds, Set<Integer> piped, boolean isInheriting, boolean isMerging) {
    static final Layout EMPTY = new Layout(Map.of(), Set.of(), false, false);

    private static final int STANDARD = 3;

    Layout withFd(int number, AsFd fd) {
        if (number < 0 || number == Integer.MAX_VALUE) {
            throw new IllegalArgumentException("descriptor number " + number + "; it must be 0 or more");
        }
        checkFree(number);
        Map<Integer, AsFd> all = new TreeMap<>(fds);
        all.put(number, Objects.requireNonNull(fd, "fd"));
        return new Layout(all, piped, isInheriting, isMerging);
    }

    Layout withPipe(int number) {
        checkFree(number);
        Set<Integer> all = new TreeSet<>(piped);
        all.add(number);
        return new Layout(fds, all, isInheriting, isMerging);
    }

    Layout inheriting() {
        return new Layout(fds, piped, true, isMerging);
    }

    Layout merging() {
        checkFree(2);
        return new Layout(fds, piped, isInheriting, true);
    }

    private void checkFree(int number) {
        Object there =
                piped.contains(number) ? "a pipe" : number == 2 && isMerging ? "the standard output" : fds.get(number);
        if (there != null) {
            throw new IllegalArgumentException("something is to be descriptor " + number + " already: " + there);
        }
    }

    /** Descriptors of one's own for all of it, and for what it does not mention of 0, 1 and 2. */
    Duplicates duplicate(Pipes pipes) throws IOException {
        TreeSet<Integer> targets = new TreeSet<>(fds.keySet());
        for (int number = 0; number < STANDARD; number++) {
            targets.add(number);
        }
        Duplicates duplicates = new Duplicates(targets.size(), targets.last());
        try {
            for (int target : targets) {
                int source = target == 2 && isMerging ? 1 : target;
                AsFd fd = fds.get(source);
                FdPipe pipe = pipes.at(source);
                if (fd != null) {
                    duplicates.add(target, fd);
                } else if (pipe != null) {
                    duplicates.add(target, target == 0 ? pipe.readEnd() : pipe.writeEnd());
                } else if (isInheriting) {
                    duplicates.inherit(target, source);
                } else {
                    duplicates.addNull(target);
                }
            }
            return duplicates;
        } catch (Throwable t) {
            duplicates.close();
            throw t;
        }
    }

    /** The numbers, as {@code "descriptors [3, 4] and pipes [0]"}. */
    @Override
    public String toString() {
        return "descriptors " + fds.keySet() + (piped.isEmpty() ? "" : " and pipes " + piped);
    }
}
