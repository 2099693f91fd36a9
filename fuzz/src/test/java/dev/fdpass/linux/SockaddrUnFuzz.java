package dev.fdpass.linux;

import static dev.fdpass.fuzz.Inputs.check;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;

/** {@link SockaddrUn}: the input is what the kernel wrote, family and all. */
@DisplayName("Any sockaddr_un is read within its length, and what was written is read again")
public final class SockaddrUnFuzz {
    private SockaddrUnFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        byte[] path = null;
        for (int behind : new int[] {0, 0xff}) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment address = arena.allocate(SockaddrUn.SIZE, 1).fill((byte) behind);
                MemorySegment.copy(input, 0, address, JAVA_BYTE, 0, Math.min(input.length, SockaddrUn.SIZE));
                byte[] read = SockaddrUn.read(address, input.length);
                check(path == null || Arrays.equals(read, path), "it depends on what stands behind the length");
                path = read;
            }
        }
        int length = Math.min(input.length, SockaddrUn.SIZE);
        int most = Math.max(0, length - SockaddrUn.PATH);
        boolean isAbstract = most > 0 && input[SockaddrUn.PATH] == 0;
        check(path.length <= most, "%d bytes of %d", path.length, most);
        check(!isAbstract || path.length == most, "%d bytes of %d of an abstract name", path.length, most);
        for (int i = 0; i < path.length; i++) {
            check(path[i] == input[SockaddrUn.PATH + i], "byte %d", i);
            check(isAbstract || path[i] != 0, "NUL in a pathname");
        }
        check(
                isAbstract || path.length == most || input[SockaddrUn.PATH + path.length] == 0,
                "ends at %d without NUL",
                path.length);
        writeAgain(path);
    }

    private static void writeAgain(byte[] path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SockaddrUn.SIZE, 1).fill((byte) 0xff);
            int length = SockaddrUn.write(address, path);
            check(length >= SockaddrUn.PATH + path.length && length <= SockaddrUn.SIZE, "length %d", length);
            check(Arrays.equals(SockaddrUn.read(address, length), path), "written and read again");
        }
    }
}
