package dev.fdpass;

/** How an attempt that does not wait has ended. Man page: {@code recv(2)}. */
public enum TryResult {
    /** It is done. */
    DONE,
    /** It would have to wait; nothing was changed. */
    WOULD_BLOCK,
    /** The peer has closed or shut down its side, and nothing will come any more. */
    END_OF_STREAM
}
