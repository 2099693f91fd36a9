package dev.fdpass.cli.hold;

import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Descriptors by name; several may have one name. Safe for use by several threads. */
final class Store implements AutoCloseable {
    private final Map<String, List<OwnedFd>> kept = new TreeMap<>();
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

    /** Keeps descriptors besides those of this name that it has; they are its own from now on, or else still the caller's. */
    synchronized void add(String name, List<OwnedFd> fds) {
        int count = count();
        if (isClosed) {
            throw new IllegalStateException("it ends, and keeps nothing any more");
        }
        if (count + fds.size() > limit) {
            throw new IllegalArgumentException(count + " descriptors are held and " + fds.size()
                    + " would come to them; at most " + limit + " are");
        }
        if (!fds.isEmpty()) {
            kept.computeIfAbsent(name, any -> new ArrayList<>()).addAll(fds);
        }
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
            closeAll(duplicates, t);
            throw t;
        }
    }

    /** Closes all that have this name, and says how many there were. */
    int remove(String name) throws IOException {
        List<OwnedFd> removed;
        synchronized (this) {
            removed = kept.remove(name);
        }
        if (removed == null) {
            return 0;
        }
        for (OwnedFd fd : removed) { // without the lock: closing some files takes long
            fd.close();
        }
        return removed.size();
    }

    /** Names, and what each has. */
    synchronized Map<String, List<OwnedFd>> content() {
        Map<String, List<OwnedFd>> copy = new TreeMap<>();
        kept.forEach((name, fds) -> copy.put(name, List.copyOf(fds)));
        return copy;
    }

    private int count() {
        return kept.values().stream().mapToInt(List::size).sum();
    }

    private static void closeAll(List<OwnedFd> fds, Throwable reason) {
        for (OwnedFd fd : fds) {
            try {
                fd.close();
            } catch (IOException e) {
                reason.addSuppressed(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        List<String> names;
        synchronized (this) {
            isClosed = true;
            names = List.copyOf(kept.keySet());
        }
        for (String name : names) {
            remove(name);
        }
    }
}
