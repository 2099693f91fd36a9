package dev.fdpass;

import static dev.fdpass.fuzz.Inputs.check;
import static dev.fdpass.linux.FileConstants.O_ACCMODE;
import static dev.fdpass.linux.FileConstants.O_APPEND;
import static dev.fdpass.linux.FileConstants.O_CREAT;
import static dev.fdpass.linux.FileConstants.O_DSYNC;
import static dev.fdpass.linux.FileConstants.O_EXCL;
import static dev.fdpass.linux.FileConstants.O_RDONLY;
import static dev.fdpass.linux.FileConstants.O_RDWR;
import static dev.fdpass.linux.FileConstants.O_SYNC;
import static dev.fdpass.linux.FileConstants.O_TRUNC;
import static dev.fdpass.linux.FileConstants.O_WRONLY;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.fdpass.linux.OpenFlag;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

/** {@link OpenFlags}: a byte of input chooses an option. */
@DisplayName("Any options give the flags of open(2) that they ask for, in any order")
public final class OpenFlagsFuzz {
    private static final List<OpenOption> OPTIONS = new ArrayList<>(List.of(StandardOpenOption.values()));

    static {
        OPTIONS.add(LinkOption.NOFOLLOW_LINKS);
        OPTIONS.add(new OpenOption() {});
    }

    private OpenFlagsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        OpenOption[] options = new OpenOption[input.length];
        for (int i = 0; i < input.length; i++) {
            options[i] = OPTIONS.get(Byte.toUnsignedInt(input[i]) % OPTIONS.size());
        }
        Set<OpenOption> asked = new HashSet<>(List.of(options));
        boolean known = !asked.contains(OPTIONS.getLast());
        boolean possible = !asked.containsAll(Set.of(APPEND, TRUNCATE_EXISTING));
        OpenFlags flags;
        try {
            flags = new OpenFlags(options);
        } catch (UnsupportedOperationException e) {
            check(!known, "%s are known: %s", asked, e);
            return;
        } catch (IllegalArgumentException e) {
            check(!possible, "%s are possible: %s", asked, e);
            return;
        }
        check(known && possible, "%s are taken", asked);
        check(flags.bits() == bits(asked), "%s give %#x, not %#x", asked, flags.bits(), bits(asked));
        check(flags.isDeleteOnClose() == asked.contains(DELETE_ON_CLOSE), "DELETE_ON_CLOSE");
        check((flags.bits() & O_ACCMODE) != O_ACCMODE, "no access mode");
    }

    /** The table in the documentation of {@code FileChannel.open}, and {@code open(2)}. */
    private static int bits(Set<OpenOption> asked) {
        boolean writes = asked.contains(WRITE) || asked.contains(APPEND);
        int bits = writes && asked.contains(READ) ? O_RDWR : writes ? O_WRONLY : O_RDONLY;
        bits |= asked.contains(APPEND) ? O_APPEND : 0;
        bits |= asked.contains(SYNC) ? O_SYNC : 0;
        bits |= asked.contains(DSYNC) ? O_DSYNC : 0;
        bits |= writes && asked.contains(TRUNCATE_EXISTING) ? O_TRUNC : 0;
        bits |= writes && asked.contains(CREATE_NEW) ? O_CREAT | O_EXCL : 0;
        bits |= writes && asked.contains(CREATE) ? O_CREAT : 0;
        boolean noLinks = asked.contains(LinkOption.NOFOLLOW_LINKS) || asked.contains(DELETE_ON_CLOSE);
        return bits | (noLinks ? OpenFlag.O_NOFOLLOW.value() : 0);
    }
}
