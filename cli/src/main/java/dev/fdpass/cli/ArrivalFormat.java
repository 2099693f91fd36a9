package dev.fdpass.cli;

/** A way to show what arrived. */
@FunctionalInterface
interface ArrivalFormat {
    /** The text, which ends with a line's end. */
    String format(Arrival arrival);
}
