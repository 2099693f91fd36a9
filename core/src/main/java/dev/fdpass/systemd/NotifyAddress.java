package dev.fdpass.systemd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fdpass.UnixAddress;
import dev.fdpass.linux.NativeText;
import java.nio.file.Path;

/** {@code NOTIFY_SOCKET}: an absolute pathname, or {@code @} and an abstract name. */
final class NotifyAddress {
    static final String VARIABLE = "NOTIFY_SOCKET";

    /** {@code sun_path} less the NUL at the end of a pathname, or the one for {@code @} and one more that systemd wants. */
    private static final int MOST_BYTES = 107;

    private NotifyAddress() {}

    static UnixAddress parse(String value) {
        if (value.startsWith("vsock")) {
            throw new UnsupportedOperationException("the environment variable " + VARIABLE + " is \""
                    + Visible.of(value) + "\": the manager of a virtual machine, out of it. Only addresses of"
                    + " Unix-domain sockets are supported, a pathname or @ and an abstract name");
        }
        if (value.length() < 2 || (value.charAt(0) != '/' && value.charAt(0) != '@')) {
            throw new IllegalStateException("the environment variable " + VARIABLE + " is \"" + Visible.of(value)
                    + "\"; it must be an absolute pathname, or @ and an abstract name");
        }
        try {
            return UnixAddress.of(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("the environment variable " + VARIABLE + ": " + e.getMessage(), e);
        }
    }

    /** Such an address as the value of the variable. */
    static String format(UnixAddress address) {
        String value = address.path()
                .map(Path::toString)
                .orElseGet(() -> "@" + new String(address.abstractName().orElseThrow(), US_ASCII));
        int bytes = NativeText.bytes(value).length;
        if (bytes > MOST_BYTES || value.chars().anyMatch(c -> c == 0 || c == 0xfffd)) {
            throw new IllegalArgumentException("the address " + Visible.of(value) + " has " + bytes + " bytes; in "
                    + VARIABLE + " it must have at most " + MOST_BYTES + ", and an abstract name be ASCII without NUL");
        }
        return value;
    }

    /** What to bind to: a relative pathname means something else to a child elsewhere. */
    static UnixAddress absolute(UnixAddress address) {
        return address.path().map(path -> UnixAddress.of(path.toAbsolutePath())).orElse(address);
    }
}
