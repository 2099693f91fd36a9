package dev.fdpass.cli.hold;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** When a service that has ended is started again. */
enum Restart {
    ALWAYS,
    ON_FAILURE,
    NEVER;

    /** By its name on the command line; null if that is none. */
    static @Nullable Restart of(String text) {
        for (Restart each : values()) {
            if (each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
                return each;
            }
        }
        return null;
    }

    boolean isDue(int status) {
        return this == ALWAYS || (this == ON_FAILURE && status != 0);
    }
}
