package dev.fdpass.systemd;

import dev.fdpass.AsFd;

/**
 * A descriptor and what the program that gets it knows it by: {@code FileDescriptorName=} of {@code systemd.socket(5)},
 * {@code FDNAME=} of {@code sd_notify(3)}.
 *
 * @param name 0 to 255 characters of printable ASCII without {@code ':'}; see {@link #isValidName}
 * @param fd the descriptor, borrowed
 */
public record NamedFd(String name, AsFd fd) {
    /** The most characters of a name, {@code FDNAME_MAX} of systemd. */
    private static final int MOST = 255;

    /** Of a descriptor that came without names, as {@code sd_listen_fds_with_names(3)} has it. */
    static final String UNKNOWN = "unknown";

    /** Checks the name. */
    public NamedFd {
        checkName(name);
    }

    /**
     * A descriptor that needs no name.
     *
     * @param fd the descriptor, borrowed
     * @return it with the name {@code "unknown"}, as those have it that came without names ({@code sd_listen_fds(3)})
     */
    public static NamedFd unnamed(AsFd fd) {
        return new NamedFd(UNKNOWN, fd);
    }

    /**
     * Whether systemd takes it as the name of a descriptor.
     *
     * @param name any text
     * @return whether it has at most 255 characters, all of them printable ASCII ({@code ' '} to {@code '~'}) and none of
     *     them {@code ':'}, which separates names
     */
    public static boolean isValidName(String name) {
        return name.length() <= MOST && name.chars().allMatch(c -> c >= ' ' && c <= '~' && c != ':');
    }

    static String checkName(String name) {
        if (!isValidName(name)) {
            throw new IllegalArgumentException("the name of a descriptor is \"" + Visible.of(name) + "\", "
                    + name.length() + " characters; it must have at most " + MOST
                    + ", all of printable ASCII and none of them ':'");
        }
        return name;
    }
}
