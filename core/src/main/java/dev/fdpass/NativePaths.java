package dev.fdpass;

import dev.fdpass.linux.NativeText;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** Pathnames in the bytes that the kernel sees. */
final class NativePaths {
    private NativePaths() {}

    /** The bytes of a path of the default file system, without the terminating NUL. */
    static byte[] bytes(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(path + " belongs to " + path.getFileSystem()
                    + "; only files of the default file system have" + " descriptors");
        }
        return NativeText.bytes(path.toString());
    }

    /** The text of a pathname that came from the kernel. */
    static String text(byte[] bytes) {
        return NativeText.of(bytes);
    }
}
