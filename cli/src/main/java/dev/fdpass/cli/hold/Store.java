package dev.fdpass.cli.hold;

import dev.fdpass.OwnedFd;
import dev.fdpass.cli.Closing;
import dev.fdpass.systemd.NamedFd;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors by name; several may have one name. What is taken out is the caller's to close: that may take long. Safe for
 * use by several threads.
 */
final class Store implements Closeable {
    private final Map<String, List<OwnedFd>> kept = new TreeMap<>();
    /** Those of what is kept that are dropped when they hang up; compared as objects. */
    private final Set<OwnedFd> polled = new HashSet<>();

    private final int limit;
    private boolean isClosed;

    /**
     * An empty one.
     *
     * @param limit how many descriptors it keeps at most
     */
    Store(int limit) {
        this.limit = limit;
    }

    /**
     * Keeps descriptors besides those of this name that it has; they are its own from now on, or, if anything is thrown,
     * still the caller's.
     */
    synchronized void add(String name, List<OwnedFd> fds) throws IOException {
        if (isClosed) {
            throw new IllegalStateException("it ends, and keeps nothing any more");
        }
        if (fds.size() > limit - count()) {
            Closing.aside(takeHungUp());
        }
        int count = count();
        if (fds.size() > limit - count) {
            throw new IllegalArgumentException(count + " descriptors are held and " + fds.size()
                    + " would come to them; at most " + limit + " are");
        }
        if (!fds.isEmpty()) {
            kept.computeIfAbsent(name, any -> new ArrayList<>()).addAll(fds);
        }
    }

    /**
     * Keeps those of a service that it has under no name yet, as systemd does: it may store again what it was given.
     *
     * @param isPolled whether to drop each when it hangs up
     * @return those that it has, which are still the caller's, as all are if anything is thrown
     */
    synchronized List<OwnedFd> addNew(String name, List<OwnedFd> fds, boolean isPolled) throws IOException {
        List<OwnedFd> added = new ArrayList<>();
        List<OwnedFd> refused = new ArrayList<>();
        for (OwnedFd fd : fds) {
            (has(fd) || isAmong(added, fd) ? refused : added).add(fd);
        }
        add(name, added);
        if (isPolled) {
            polled.addAll(added);
        }
        return refused;
    }

    /** Descriptors of one's own for all that have this name; none if there are none. */
    synchronized List<OwnedFd> duplicates(String name) throws IOException {
        List<OwnedFd> duplicates = new ArrayList<>();
        try {
            for (OwnedFd fd : kept.getOrDefault(name, List.of())) {
                duplicates.add(fd.duplicate());
            }
            return duplicates;
        } catch (Throwable t) {
            Closing.because(t, duplicates);
            throw t;
        }
    }

    /**
     * Does something with all that is kept.
     *
     * @param <T> what comes of it
     */
    interface Use<T> {
        @Nullable
        T of(List<NamedFd> all) throws IOException;
    }

    /** Lends all that is kept; meanwhile nobody takes any of it. */
    synchronized <T> @Nullable T lend(Use<T> use) throws IOException {
        List<NamedFd> all = new ArrayList<>();
        kept.forEach((name, fds) -> fds.forEach(fd -> all.add(new NamedFd(name, fd))));
        return use.of(all);
    }

    /** Takes out all that have this name. */
    synchronized List<OwnedFd> take(String name) {
        List<OwnedFd> taken = kept.remove(name);
        if (taken == null) {
            return List.of();
        }
        taken.forEach(polled::remove);
        return taken;
    }

    /** Takes out those of these that it has. */
    synchronized void take(List<OwnedFd> fds) {
        Set<OwnedFd> gone = new HashSet<>(fds);
        kept.values().forEach(all -> all.removeAll(gone));
        kept.values().removeIf(List::isEmpty);
        polled.removeAll(gone);
    }

    /** Takes out what a service stored and has hung up since. */
    synchronized List<OwnedFd> takeHungUp() throws IOException {
        List<OwnedFd> gone = HangUps.among(List.copyOf(polled));
        take(gone);
        return gone;
    }

    /** Names, and what each has. */
    synchronized Map<String, List<OwnedFd>> content() {
        Map<String, List<OwnedFd>> copy = new TreeMap<>();
        kept.forEach((name, fds) -> copy.put(name, List.copyOf(fds)));
        return copy;
    }

    private boolean has(OwnedFd fd) throws IOException {
        return isAmong(all().toList(), fd);
    }

    private static boolean isAmong(List<OwnedFd> those, OwnedFd fd) throws IOException {
        for (OwnedFd each : those) {
            if (each.isSameOpenFile(fd)) {
                return true;
            }
        }
        return false;
    }

    private Stream<OwnedFd> all() {
        return kept.values().stream().flatMap(List::stream);
    }

    private int count() {
        return kept.values().stream().mapToInt(List::size).sum();
    }

    @Override
    public void close() throws IOException {
        List<OwnedFd> last;
        synchronized (this) {
            isClosed = true;
            last = all().toList();
            kept.clear();
            polled.clear();
        }
        Closing.all(last);
    }
}
