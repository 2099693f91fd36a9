package dev.fdpass.cli;

import dev.fdpass.Credentials;

/** Whom descriptors are exchanged with unless something else is said: processes of the same user, and root's. */
public final class SameUser {
    private SameUser() {}

    /** {@return the user of this process} */
    public static long own() {
        return Credentials.ofSelf().uid();
    }

    /**
     * Whether it is the same user, or root.
     *
     * @param peer who is at the other end
     * @return whether it is
     */
    public static boolean is(Credentials peer) {
        return peer.uid() == own() || peer.uid() == 0;
    }
}
