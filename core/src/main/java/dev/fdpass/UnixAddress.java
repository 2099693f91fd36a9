package dev.fdpass;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.linux.SockaddrUn;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The address of a Unix-domain socket: a pathname, an abstract name (no file; gone with the socket), or none. Immutable.
 *
 * <p>Wherever an address is asked for, a {@link UnixDomainSocketAddress} does as well for a pathname. Man page:
 * {@code unix(7)}.
 */
public final class UnixAddress extends SocketAddress {
    private static final long serialVersionUID = 1L;

    /** Most bytes of a pathname: all of {@code sun_path}, since the kernel does not ask for the terminating NUL. */
    private static final int MAX_PATH = SockaddrUn.PATH_SIZE;
    /** Most bytes of an abstract name: the first byte of {@code sun_path} is NUL. */
    private static final int MAX_ABSTRACT = SockaddrUn.PATH_SIZE - 1;

    private static final UnixAddress UNNAMED = new UnixAddress(new byte[0]);

    /** {@code sun_path}: empty, or a pathname without NUL, or NUL and an abstract name. */
    @SuppressWarnings("serial")
    private final byte[] sunPath;

    private UnixAddress(byte[] sunPath) {
        this.sunPath = sunPath;
    }

    /**
     * An address as people write it: {@code "@name"} is the abstract name {@code name}, anything else a pathname. For a
     * file whose name begins with {@code @} write {@code "./@name"}.
     *
     * @param address a pathname of 1 to 108 bytes, or {@code @} and an abstract name of 1 to 107 bytes in UTF-8
     * @return the address
     * @throws IllegalArgumentException if it is empty or too long, or cannot be encoded
     */
    public static UnixAddress of(String address) {
        if (address.isEmpty()) {
            throw new IllegalArgumentException(
                    "the address is empty; give a path, @ and an abstract name, or use UnixAddress.unnamed()");
        }
        return address.charAt(0) == '@' ? ofAbstract(utf8(address.substring(1))) : of(Path.of(address));
    }

    /** Unlike {@code getBytes}, does not make {@code ?} of half a surrogate pair, which would be another address. */
    private static byte[] utf8(String name) {
        byte[] bytes = name.getBytes(UTF_8);
        if (!new String(bytes, UTF_8).equals(name)) {
            throw new IllegalArgumentException("the abstract name holds half of a surrogate pair, which has no form in"
                    + " UTF-8; use ofAbstract(byte[]) for a name that is no text");
        }
        return bytes;
    }

    /**
     * A pathname.
     *
     * @param path of the default file system, 1 to 108 bytes in the encoding of pathnames; a relative one counts from the
     *     working directory of the process
     * @return the address
     * @throws IllegalArgumentException if it is empty or too long
     */
    public static UnixAddress of(Path path) {
        byte[] bytes = NativePaths.bytes(path);
        if (bytes.length == 0 || bytes.length > MAX_PATH) {
            throw new IllegalArgumentException("the socket path " + path + " has " + bytes.length
                    + " bytes; Linux takes 1 to 107 and a NUL, or " + MAX_PATH
                    + " without. Use a shorter or a relative path, or an abstract name (@name)");
        }
        return new UnixAddress(bytes);
    }

    /**
     * An abstract name, byte for byte. NUL bytes count like any other.
     *
     * @param name 1 to 107 bytes, without the leading NUL that marks an abstract name for the kernel
     * @return the address
     * @throws IllegalArgumentException if it is empty or too long
     */
    public static UnixAddress ofAbstract(byte[] name) {
        if (name.length == 0 || name.length > MAX_ABSTRACT) {
            throw new IllegalArgumentException("the abstract name has " + name.length + " bytes; Linux takes 1 to "
                    + MAX_ABSTRACT + ". To let the kernel choose one, bind to UnixAddress.unnamed()");
        }
        byte[] sunPath = new byte[name.length + 1];
        System.arraycopy(name, 0, sunPath, 1, name.length);
        return new UnixAddress(sunPath);
    }

    /**
     * An address in either of its two Java forms.
     *
     * @param address a {@link UnixAddress} or a {@link UnixDomainSocketAddress}
     * @return the same address in this form
     * @throws UnsupportedAddressTypeException if it is of another type
     */
    public static UnixAddress of(SocketAddress address) {
        // No pattern switch: its bootstrap costs the first connect or bind of a process milliseconds.
        if (address instanceof UnixAddress unix) {
            return unix;
        }
        if (address instanceof UnixDomainSocketAddress unix) {
            return unix.getPath().toString().isEmpty() ? UNNAMED : of(unix.getPath());
        }
        throw new UnsupportedAddressTypeException();
    }

    /**
     * No address: what a socket has that was not bound. To bind to it lets the kernel choose an abstract name
     * (<em>autobind</em>).
     *
     * @return the unnamed address
     */
    public static UnixAddress unnamed() {
        return UNNAMED;
    }

    /** An address as the kernel gave it. */
    static UnixAddress ofSunPath(byte[] sunPath) {
        return sunPath.length == 0 ? UNNAMED : new UnixAddress(sunPath);
    }

    /** {@code sun_path} for the kernel; not to be changed. */
    byte[] sunPath() {
        return sunPath;
    }

    /** {@return whether this is no address} */
    public boolean isUnnamed() {
        return sunPath.length == 0;
    }

    /** {@return whether this is an abstract name} */
    public boolean isAbstract() {
        return sunPath.length > 0 && sunPath[0] == 0;
    }

    /** {@return the pathname, or empty if this is an abstract name or unnamed} */
    public Optional<Path> path() {
        return isUnnamed() || isAbstract() ? Optional.empty() : Optional.of(Path.of(NativePaths.text(sunPath)));
    }

    /**
     * Removes the file of a socket that a process left behind when it was killed, so that a successor can bind here.
     * Anything else is left alone: the file of a socket that lives, even if it does not listen yet, and what is no socket.
     * Several may do so, and then bind, at the same time: one of them gets the address, the others find it taken. Only a
     * process that replaces the file by other means (and takes no {@code flock(2)} of the directory) can lose a file that
     * it made between the last look and the removal. It takes 2 seconds if the file is younger than that, since one that
     * is just being bound looks the same.
     *
     * @return whether there was one, and it was removed; false for an address without a file
     * @throws IOException if the directory may not be read, or the file not be removed
     */
    public boolean removeStaleFile() throws IOException {
        Optional<Path> path = path();
        return path.isPresent() && StaleSocketFile.remove(path.get(), sunPath);
    }

    /** {@return the bytes of the abstract name, without the leading NUL; or empty if this is a pathname or unnamed} */
    public Optional<byte[]> abstractName() {
        return isAbstract() ? Optional.of(Arrays.copyOfRange(sunPath, 1, sunPath.length)) : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnixAddress address && Arrays.equals(sunPath, address.sunPath);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sunPath);
    }

    /**
     * The path, {@code @} and the abstract name with {@code \xNN} for bytes that do not print, or {@code (unnamed)}. A path
     * that begins with {@code @} is {@code ./@name}, as {@link #of(String)} takes it: nobody reads it as an abstract name.
     */
    @Override
    public String toString() {
        if (isUnnamed()) {
            return "(unnamed)";
        }
        if (!isAbstract()) {
            return (sunPath[0] == '@' ? "./" : "") + NativePaths.text(sunPath);
        }
        StringBuilder text = new StringBuilder("@");
        for (int i = 1; i < sunPath.length; i++) {
            int b = Byte.toUnsignedInt(sunPath[i]);
            text.append(b >= ' ' && b < 0x7f && b != '\\' ? String.valueOf((char) b) : String.format("\\x%02x", b));
        }
        return text.toString();
    }
}
