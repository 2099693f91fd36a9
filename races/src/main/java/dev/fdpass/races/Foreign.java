package dev.fdpass.races;

import static dev.fdpass.races.Call.unchecked;

import dev.fdpass.OwnedFd;
import dev.fdpass.memory.SharedMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else's open file. The kernel gives it the lowest free number, mostly the one that was closed just before; what
 * still uses or closes that number meets this file.
 */
final class Foreign {
    static final byte CONTENT = 'F';

    /** Not closed: it serves all races of a process. */
    private static final SharedMemory FILE = unchecked(() -> {
        SharedMemory file = SharedMemory.create("foreign", 1);
        file.asFd().write(ByteBuffer.wrap(new byte[] {CONTENT}), 0);
        return file;
    });

    private final OwnedFd fd = unchecked(FILE.asFd()::duplicate);

    /** {@code "clean"} if each of them (those that there are) is open under a number of its own and has its content. */
    static String afterwards(@Nullable Foreign one, @Nullable Foreign two) {
        if (one != null && two != null && one.fd.number() == two.fd.number()) {
            return "foreign file closed"; // or the kernel would not have given its number again
        }
        return Call.worst(one == null ? Call.CLEAN : one.afterwards(), two == null ? Call.CLEAN : two.afterwards());
    }

    String afterwards() {
        try (fd) {
            ByteBuffer content = ByteBuffer.allocate(1);
            if (!fd.info().isSameFile(FILE.asFd().info())) {
                return "foreign file replaced";
            }
            fd.read(content, 0);
            return content.get(0) == CONTENT ? Call.CLEAN : "foreign file written";
        } catch (IOException e) {
            return "foreign file closed";
        }
    }
}
