package dev.fdpass.examples.sharedring.run;

/** What is done over and over. */
enum Work {
    STREAM("one message after the other in one direction"),
    PING_PONG("a message there, and the same back");

    private final String what;

    Work(String what) {
        this.what = what;
    }

    String what() {
        return what;
    }
}
