package dev.fdpass;

import static dev.fdpass.fuzz.Inputs.check;

import dev.fdpass.linux.SockaddrUn;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;

/** {@link UnixAddress} as the kernel has it, of a peer that chose its bytes. */
@DisplayName("Any address of a peer can be shown, compared and used")
public final class SunPathFuzz {
    private SunPathFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        byte[] sunPath = Arrays.copyOf(input, Math.min(input.length, SockaddrUn.PATH_SIZE));
        boolean isAbstract = sunPath.length > 0 && sunPath[0] == 0;
        if (!isAbstract) {
            for (int i = 0; i < sunPath.length; i++) {
                if (sunPath[i] == 0) {
                    sunPath = Arrays.copyOf(sunPath, i); // as SockaddrUn reads it
                }
            }
        }
        UnixAddress address = UnixAddress.ofSunPath(sunPath);
        check(address.isUnnamed() == (sunPath.length == 0), "unnamed: %b", address.isUnnamed());
        check(address.isAbstract() == isAbstract, "abstract: %b", address.isAbstract());
        check(Arrays.equals(address.sunPath(), sunPath), "sun_path");
        check(address.equals(UnixAddress.ofSunPath(sunPath.clone())), "not equal to itself");
        String text = address.toString();
        if (isAbstract) {
            byte[] name = Arrays.copyOfRange(sunPath, 1, sunPath.length);
            check(Arrays.equals(address.abstractName().orElseThrow(), name), "the abstract name");
            check(name.length == 0 || UnixAddress.ofAbstract(name).equals(address), "the name is another address");
            check(text.chars().allMatch(c -> c >= ' ' && c < 0x7f), "%s does not print", text);
            check(Arrays.equals(unescape(text), name), "%s is another name", text);
        } else if (isText(sunPath)) {
            UnixAddress written = UnixAddress.of(address.path().orElseThrow());
            check(written.path().equals(address.path()), "%s is another path", written);
        }
    }

    /** Whether it is a pathname in the encoding of pathnames here; only such a one can be a {@link java.nio.file.Path}. */
    private static boolean isText(byte[] sunPath) {
        return sunPath.length > 0 && NativePaths.text(sunPath).indexOf('\ufffd') < 0;
    }

    /** The bytes of a name out of {@link UnixAddress#toString}: no two names have the same text. */
    private static byte[] unescape(String text) {
        byte[] name = new byte[text.length()];
        int count = 0;
        for (int i = 1; i < text.length(); i++) {
            boolean escaped = text.charAt(i) == '\\';
            name[count++] = (byte) (escaped ? Integer.parseInt(text, i + 2, i + 4, 16) : text.charAt(i));
            i += escaped ? 3 : 0;
        }
        return Arrays.copyOf(name, count);
    }
}
