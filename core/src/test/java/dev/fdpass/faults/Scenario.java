package dev.fdpass.faults;

/** Something that a program does with the library, arranged so that it can be done again and again. */
@FunctionalInterface
interface Scenario {
    /** Says what is to be done, and what must be there for it. */
    void arrange(Stage stage) throws Exception;
}
