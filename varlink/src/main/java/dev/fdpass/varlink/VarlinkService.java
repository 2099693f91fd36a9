package dev.fdpass.varlink;

import dev.fdpass.UnixStream;
import dev.fdpass.frame.FrameLimits;
import dev.fdpass.internal.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A Varlink service: the interfaces that it has, and what answers their calls.
 *
 * <pre>{@code
 * VarlinkService service = VarlinkService.builder("Example", "Files", "1", "https://example.org")
 *         .add(Files.class, new FilesOfThisMachine())
 *         .build();
 * try (VarlinkServer server = VarlinkServer.start("unix:/run/org.example.files", service)) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Calls of one connection are answered one after the other, those of different connections at the same time, each connection
 * on a virtual thread of its own. So a client that does not read delays nobody else; after the send timeout it is cut. Who does
 * not keep to the protocol or to the limits is cut at once, and everything that it sent is closed. {@code org.varlink.service} is
 * there without being added.
 *
 * <p>Immutable.
 */
public final class VarlinkService {
    /**
     * An interface of it.
     *
     * @param description what it has
     * @param text the description as it is given to clients
     * @param handler what answers
     */
    private record Entry(InterfaceDescription description, String text, VarlinkHandler handler) {}

    private final ServiceInfo info;
    private final Map<String, Entry> interfaces = new LinkedHashMap<>();
    private final FrameLimits frameLimits;
    private final Duration sendTimeout;
    private final int maxConnections;

    private VarlinkService(Builder builder) {
        interfaces.put(
                Introspection.NAME,
                new Entry(InterfaceDescription.parse(Introspection.TEXT), Introspection.TEXT, new Introspection(this)));
        interfaces.putAll(builder.interfaces);
        info = new ServiceInfo(
                builder.vendor, builder.product, builder.version, builder.url, List.copyOf(interfaces.keySet()));
        frameLimits = builder.frameLimits;
        sendTimeout = builder.sendTimeout;
        maxConnections = builder.maxConnections;
    }

    /**
     * Begins to make a service.
     *
     * @param vendor who makes it
     * @param product what it is
     * @param version which one
     * @param url where to read about it
     * @return what it is made with
     */
    public static Builder builder(String vendor, String product, String version, String url) {
        return new Builder(vendor, product, version, url);
    }

    /** Makes a {@link VarlinkService}. For one thread at a time. */
    public static final class Builder {
        private final String vendor;
        private final String product;
        private final String version;
        private final String url;
        private final Map<String, Entry> interfaces = new LinkedHashMap<>();
        private FrameLimits frameLimits = FrameLimits.DEFAULT;
        private Duration sendTimeout = Duration.ofSeconds(30);
        private int maxConnections = 1024;

        private Builder(String vendor, String product, String version, String url) {
            this.vendor = Objects.requireNonNull(vendor, "vendor");
            this.product = Objects.requireNonNull(product, "product");
            this.version = Objects.requireNonNull(version, "version");
            this.url = Objects.requireNonNull(url, "url");
        }

        /**
         * Adds an interface that is described by Java.
         *
         * @param type an interface with {@link VarlinkInterface}, from which the description is made
         * @param implementation what is called, from many threads at the same time
         * @param <T> the interface
         * @return this
         * @throws IllegalArgumentException if it can be no Varlink interface, or is there already
         */
        public <T> Builder add(Class<T> type, T implementation) {
            JavaInterface java = JavaInterface.of(type);
            String text = java.description().text();
            return add(java.description(), text, new TypedHandler(java, implementation));
        }

        /**
         * Adds an interface that is described by text, and implemented by Java: they must say the same.
         *
         * @param type an interface with {@link VarlinkInterface}
         * @param implementation what is called, from many threads at the same time
         * @param description as in a file {@code .varlink}; clients get it as it is
         * @param <T> the interface
         * @return this
         * @throws VarlinkSyntaxException if the description is none
         * @throws IllegalArgumentException if it differs from the Java interface, which the message shows; or as for
         *     {@link #add(Class, Object)}
         */
        public <T> Builder add(Class<T> type, T implementation, String description) {
            JavaInterface java = JavaInterface.of(type);
            InterfaceDescription parsed = InterfaceDescription.parse(description);
            Compatibility.check(parsed, java);
            return add(parsed, description, new TypedHandler(java, implementation));
        }

        /**
         * Adds an interface without one of Java.
         *
         * @param description as in a file {@code .varlink}; clients get it as it is
         * @param handler what answers calls of the methods that are described, from many threads at the same time
         * @return this
         * @throws VarlinkSyntaxException if the description is none
         * @throws IllegalArgumentException if it is there already
         */
        public Builder add(String description, VarlinkHandler handler) {
            return add(InterfaceDescription.parse(description), description, handler);
        }

        private Builder add(InterfaceDescription description, String text, VarlinkHandler handler) {
            Entry entry = new Entry(description, text, handler);
            if (description.name().equals(Introspection.NAME)
                    || interfaces.putIfAbsent(description.name(), entry) != null) {
                throw new IllegalArgumentException("the service has an interface " + description.name() + " already");
            }
            return this;
        }

        /**
         * Sets what one message may have, both ways.
         *
         * @param limits {@link FrameLimits#DEFAULT} if nothing is said
         * @return this
         */
        public Builder frameLimits(FrameLimits limits) {
            this.frameLimits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * Sets how long a client may take to read a reply before it is cut.
         *
         * @param timeout 30 seconds if nothing is said; zero for as long as it takes
         * @return this
         */
        public Builder sendTimeout(Duration timeout) {
            sendTimeout = Timeouts.check(timeout);
            return this;
        }

        /**
         * Sets how many connections a {@link VarlinkServer} has at the same time. Others wait in the listener's queue.
         *
         * @param connections 1024 if nothing is said; 1 or more
         * @return this
         */
        public Builder maxConnections(int connections) {
            if (connections < 1) {
                throw new IllegalArgumentException("at most " + connections + " connections; give 1 or more");
            }
            maxConnections = connections;
            return this;
        }

        /** {@return the service} */
        public VarlinkService build() {
            return new VarlinkService(this);
        }
    }

    /**
     * Serves one connection on this thread, until its end: such as one that came on standard input.
     *
     * @param socket which is closed at the end
     * @throws IOException if it fails, or its peer was cut
     */
    public void serve(UnixStream socket) throws IOException {
        new Connection(this, socket).serve();
    }

    /** {@return what it says of itself} */
    public ServiceInfo info() {
        return info;
    }

    /**
     * How an interface is described.
     *
     * @param name such as {@code org.example.files}
     * @return the text that clients get, or empty if it has none of that name
     */
    public Optional<String> description(String name) {
        return Optional.ofNullable(interfaces.get(name)).map(Entry::text);
    }

    /** What answers a method. */
    VarlinkHandler handler(String method) throws VarlinkException {
        int dot = method.lastIndexOf('.');
        if (dot < 0) {
            throw VarlinkException.methodNotFound(method);
        }
        String name = method.substring(0, dot);
        Entry entry = interfaces.get(name);
        if (entry == null) {
            throw VarlinkException.interfaceNotFound(name);
        }
        if (entry.description().method(method.substring(dot + 1)).isEmpty()) {
            throw VarlinkException.methodNotFound(method);
        }
        return entry.handler();
    }

    FrameLimits frameLimits() {
        return frameLimits;
    }

    Duration sendTimeout() {
        return sendTimeout;
    }

    int maxConnections() {
        return maxConnections;
    }
}
