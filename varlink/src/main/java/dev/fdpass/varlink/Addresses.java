package dev.fdpass.varlink;

import dev.fdpass.UnixAddress;

/** Addresses as Varlink writes them. */
final class Addresses {
    private static final String UNIX = "unix:";

    private Addresses() {}

    /**
     * Reads one.
     *
     * @param text {@code unix:/path} or {@code unix:@abstract}; the transport may be left out
     * @throws IllegalArgumentException if it is anything else
     */
    static UnixAddress parse(String text) {
        String name = text.startsWith(UNIX) ? text.substring(UNIX.length()) : text;
        if (name.length() == text.length() && text.matches("(?s)[a-z][a-z0-9+.-]*:.*")) {
            throw new IllegalArgumentException("the address " + text
                    + " is of another transport; descriptors go over Unix-domain sockets: unix:/path or unix:@name");
        }
        int semicolon = name.indexOf(';');
        if (semicolon >= 0) {
            throw new IllegalArgumentException("the address " + text + " has parameters (" + name.substring(semicolon)
                    + "), and none are known here; give unix:/path or unix:@name");
        }
        return UnixAddress.of(name);
    }
}
