package dev.fdpass.varlink;

import java.util.List;

/**
 * What a service says of itself: {@code org.varlink.service.GetInfo}.
 *
 * @param vendor who makes it
 * @param product what it is
 * @param version which one
 * @param url where to read about it
 * @param interfaces the names of its interfaces
 */
public record ServiceInfo(String vendor, String product, String version, String url, List<String> interfaces) {
    /** Copies the list. */
    public ServiceInfo {
        interfaces = List.copyOf(interfaces);
    }
}
