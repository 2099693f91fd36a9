package dev.fdpass.varlink;

import dev.fdpass.json.DescriptorSearch;
import org.jspecify.annotations.Nullable;

/** The descriptors in a reply of a service, which belong to it. */
final class ReplyFds {
    private static final DescriptorSearch SEARCH = new DescriptorSearch(Json.PACKAGES);

    private ReplyFds() {}

    /**
     * Closes them, without waiting: whoever wants to know what closing says closes them himself.
     *
     * @throws RuntimeException if one cannot be found, in a record that Jackson could not write either; the others are
     *     closed
     */
    static void close(@Nullable Object reply) {
        SEARCH.in(reply, fd -> fd.asFd().closeAside());
    }
}
