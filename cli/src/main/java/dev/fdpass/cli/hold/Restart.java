package dev.fdpass.cli.hold;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** When a service that has ended is started again. */
enum Restart {
    ALWAYS,
    ON_FAILURE,
    NEVER;

    boolean isDue(int status) {
        return this == ALWAYS || (this == ON_FAILURE && status != 0);
    }

    /** By its name on the command line. */
    static final class ToRestart implements ITypeConverter<Restart> {
        @Override
        public Restart convert(String text) {
            for (Restart each : values()) {
                if (each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
                    return each;
                }
            }
            throw new TypeConversionException("'" + text + "' is none of always, on-failure and never");
        }
    }
}
