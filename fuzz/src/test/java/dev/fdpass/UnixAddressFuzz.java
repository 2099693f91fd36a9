package dev.fdpass;

import static dev.fdpass.fuzz.Inputs.check;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.fuzz.Inputs;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;

/** {@link UnixAddress} as people write it. */
@DisplayName("Any text is an address that is written as it was read, or is refused")
public final class UnixAddressFuzz {
    private UnixAddressFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = Inputs.text(input);
        ofText(text);
        ofPath(text);
    }

    private static void ofText(String text) {
        UnixAddress address;
        try {
            address = UnixAddress.of(text);
        } catch (IllegalArgumentException e) {
            check(!isPlain(text), "refused %s: %s", text, e);
            return;
        }
        check(!address.isUnnamed(), "the address is none");
        check(address.isAbstract() == (text.charAt(0) == '@'), "abstract: %b", address.isAbstract());
        check(address.path().isPresent() != address.isAbstract(), "abstract, and a path");
        if (address.isAbstract()) {
            String name = new String(address.abstractName().orElseThrow(), UTF_8);
            check(name.equals(text.substring(1)), "the name is %s", name);
        } else {
            check(address.path().equals(Optional.of(Path.of(text))), "the path is %s", address.path());
        }
        bothWays(address);
    }

    private static boolean isPlain(String text) {
        return text.length() > 1 && text.length() <= 108 && text.chars().allMatch(c -> c > 0 && c < 0x80);
    }

    private static void ofPath(String text) {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            return;
        }
        UnixDomainSocketAddress ofTheJdk = UnixDomainSocketAddress.of(path);
        try {
            UnixAddress address = UnixAddress.of(ofTheJdk);
            check(address.isUnnamed() == path.toString().isEmpty(), "unnamed: %b", address.isUnnamed());
            check(address.isUnnamed() || address.equals(UnixAddress.of(path)), "%s differs", address);
            check(!address.isAbstract(), "a path, and abstract");
            bothWays(address);
        } catch (IllegalArgumentException e) {
            check(!isPlain(text), "refused %s: %s", text, e);
        }
    }

    static void bothWays(UnixAddress address) {
        UnixAddress same = UnixAddress.ofSunPath(address.sunPath());
        check(same.equals(address) && same.hashCode() == address.hashCode(), "through sun_path: %s", same);
        check(same.toString().equals(address.toString()), "%s is %s too", address, same);
        String text = address.toString();
        if (address.isAbstract()) {
            check(text.chars().allMatch(c -> c >= ' ' && c < 0x7f), "%s does not print", text);
            check(text.indexOf('\\') >= 0 || UnixAddress.of(text).equals(address), "%s is another address", text);
        } else if (!address.isUnnamed() && address.sunPath()[0] != '@') {
            check(UnixAddress.of(text).equals(address), "%s is another address", text);
        } else if (!address.isUnnamed()) {
            check(
                    Path.of(text)
                            .normalize()
                            .equals(address.path().orElseThrow().normalize()),
                    "%s is another file",
                    text);
        }
    }
}
