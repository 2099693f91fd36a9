package dev.fdpass.testing;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** An interactive {@link PythonPair} for each type of socket, for a whole class of tests: Python takes long to start. */
public final class Pythons implements AutoCloseable {
    private final Map<SocketType, PythonPair> pairs = new EnumMap<>(SocketType.class);

    private Pythons() {}

    public static Pythons start() throws IOException {
        Pythons pythons = new Pythons();
        for (SocketType type : SocketType.values()) {
            pythons.pairs.put(type, PythonPair.interactive(type));
        }
        return pythons;
    }

    public PythonPair of(SocketType type) {
        return pairs.get(type);
    }

    @Override
    public void close() throws IOException {
        for (PythonPair pair : pairs.values()) {
            pair.close();
        }
    }
}
