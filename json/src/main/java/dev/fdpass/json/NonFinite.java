package dev.fdpass.json;

/** What becomes of NaN and the infinities of a double or float, for which JSON has no number. */
public enum NonFinite {
    /** They are not read. Jackson still writes them, as what is no JSON: who writes has to look for them before. */
    REFUSED,
    /** They are text: {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}. Both ends must know that it is a number. */
    AS_TEXT
}
