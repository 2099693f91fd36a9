package dev.fdpass.strace;

/** Which of two programs that talk to each other. */
public enum Side {
    /** Connects, and asks. */
    ASKING,
    /** Accepts, and answers. */
    ANSWERING
}
