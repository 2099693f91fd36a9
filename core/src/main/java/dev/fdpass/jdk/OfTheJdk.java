package dev.fdpass.jdk;

import java.nio.channels.Channel;

/** Channels can be of other makers, which need not have a descriptor at all. */
final class OfTheJdk {
    private OfTheJdk() {}

    static <C extends Channel> C check(C channel) {
        if (channel.getClass().getModule() != Object.class.getModule()) {
            throw new IllegalArgumentException(channel + " is no channel of the JDK but a "
                    + channel.getClass().getName());
        }
        return channel;
    }
}
