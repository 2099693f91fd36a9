package dev.fdpass;

import dev.fdpass.linux.Ucred;

/**
 * A process, its user and its group, as the kernel vouches for them.
 *
 * <p>From {@link Peer#credentials}: who <em>created</em> the other end, with the effective user. On a received message:
 * who sent it, with the user that the sender named and the kernel checked ({@link ScmOption#SO_PASSCRED}); only a
 * privileged process can name others than its own. A process number may mean another process by the time it is looked
 * at; a {@link PidFd} cannot. Man page: {@code unix(7)}.
 *
 * @param pid process number, 0 or more; 0 if the process is not visible in this pid namespace
 * @param uid user, as seen from this user namespace; an unsigned 32-bit number
 * @param gid group, likewise
 */
public record Credentials(int pid, long uid, long gid) {
    private static final long MAX_ID = 0xffff_ffffL;

    /** Checks the ranges. */
    public Credentials {
        if (pid < 0 || uid < 0 || uid > MAX_ID || gid < 0 || gid > MAX_ID) {
            throw new IllegalArgumentException("process " + pid + ", user " + uid + ", group " + gid
                    + "; a process number is 0 or more, users and groups are 0 to " + MAX_ID);
        }
    }

    /** {@return this process with its effective user and group} */
    public static Credentials ofSelf() {
        Ucred self = Ucred.ofSelf();
        return of(self.pid(), self.uid(), self.gid());
    }

    static Credentials of(int pid, int uid, int gid) {
        return new Credentials(pid, Integer.toUnsignedLong(uid), Integer.toUnsignedLong(gid));
    }

    Ucred toUcred() {
        return new Ucred(pid, (int) uid, (int) gid);
    }
}
