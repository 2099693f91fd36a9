package dev.fdpass;

/**
 * Something that owns a file descriptor and can therefore be sent: an {@link OwnedFd} itself, an {@link EventFd}, a
 * {@link dev.fdpass.memory.SharedMemory}, a socket, a listener.
 *
 * <p>Man page: {@code unix(7)}.
 */
public interface AsFd {
    /**
     * The descriptor behind this object. It stays this object's: closing either closes both.
     *
     * @return the same instance at every call
     */
    OwnedFd asFd();
}
