package dev.fdpass;

import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** Pathnames in the bytes that the kernel sees. */
final class NativePaths {
    /** What the JDK itself encodes pathnames with. */
    private static final Charset ENCODING = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private NativePaths() {}

    /** The bytes of a path of the default file system, without the terminating NUL. */
    static byte[] bytes(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(path + " belongs to " + path.getFileSystem()
                    + "; only files of the default file system have" + " descriptors");
        }
        String text = path.toString();
        byte[] bytes = text.getBytes(ENCODING);
        if (!new String(bytes, ENCODING).equals(text)) {
            throw new IllegalArgumentException(path + " cannot be written in " + ENCODING
                    + ", the encoding of pathnames here; set a UTF-8 locale (LC_ALL=C.UTF-8)");
        }
        return bytes;
    }

    /** The text of a pathname that came from the kernel. */
    static String text(byte[] bytes) {
        return new String(bytes, ENCODING);
    }
}
