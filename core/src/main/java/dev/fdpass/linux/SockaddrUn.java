package dev.fdpass.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** {@code struct sockaddr_un}, man page {@code unix(7)}: {@code sa_family_t sun_family; char sun_path[108]}. */
public final class SockaddrUn {
    /** {@code sizeof(struct sockaddr_un)}. */
    public static final int SIZE = 110;
    /** {@code sizeof(sun_path)}. */
    public static final int PATH_SIZE = 108;

    static final int FAMILY = 0;
    static final int PATH = 2;

    private SockaddrUn() {}

    /**
     * Writes an address.
     *
     * @param path {@code sun_path}: a pathname without its terminating NUL, an abstract name with its leading NUL, or
     *     nothing for the unnamed address, which {@code bind(2)} takes as a wish for a name of the kernel's choice
     * @return the length to pass to the kernel
     */
    public static int write(MemorySegment to, byte[] path) {
        // A pathname ends with NUL where there is room for it (the kernel accepts 108 bytes without); an abstract name
        // is exactly as long as it says.
        boolean terminated = path.length > 0 && path[0] != 0 && path.length < PATH_SIZE;
        byte[] address = new byte[PATH + path.length + (terminated ? 1 : 0)];
        address[FAMILY] = SocketConstants.AF_UNIX; // a short, little-endian on both architectures
        System.arraycopy(path, 0, address, PATH, path.length);
        MemorySegment.copy(address, 0, to, JAVA_BYTE, 0, address.length);
        return address.length;
    }

    /** Reads {@code sun_path} of an address of {@code length} bytes, in the form that {@link #write} takes. */
    public static byte[] read(MemorySegment from, int length) {
        int end = Math.min(length, SIZE);
        if (end <= PATH) {
            return new byte[0];
        }
        boolean pathname = from.get(JAVA_BYTE, PATH) != 0;
        int count = 0;
        while (PATH + count < end && !(pathname && from.get(JAVA_BYTE, PATH + count) == 0)) {
            count++;
        }
        byte[] path = new byte[count];
        MemorySegment.copy(from, JAVA_BYTE, PATH, path, 0, count);
        return path;
    }
}
