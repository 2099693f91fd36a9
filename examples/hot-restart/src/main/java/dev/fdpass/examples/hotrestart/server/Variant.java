package dev.fdpass.examples.hotrestart.server;

import dev.fdpass.examples.hotrestart.http.Site;
import dev.fdpass.examples.hotrestart.jdk.JdkService;
import dev.fdpass.examples.hotrestart.netty.NettyService;
import dev.fdpass.examples.hotrestart.service.Service;
import java.util.Locale;

/** What the server is made of. */
public enum Variant {
    /** {@code ServerSocketChannel} and virtual threads. */
    JDK,
    /** Netty, with its NIO transport. */
    NETTY;

    /** {@return as it is called on a command line} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * A service without connections.
     *
     * @param site what it serves
     * @return the service, to be closed
     */
    public Service create(Site site) {
        return switch (this) {
            case JDK -> new JdkService(site);
            case NETTY -> new NettyService(site);
        };
    }
}
