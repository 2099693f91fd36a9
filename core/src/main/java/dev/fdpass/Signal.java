package dev.fdpass;

import dev.fdpass.linux.SignalConstants;

/** What {@link PidFd#sendSignal} sends. Man page: {@code signal(7)}. */
public enum Signal {
    /** The terminal is gone; daemons read their configuration again. */
    SIGHUP(SignalConstants.SIGHUP),
    /** Interrupt, as from the keyboard. */
    SIGINT(SignalConstants.SIGINT),
    /** Quit; a JVM prints the stacks of its threads. */
    SIGQUIT(SignalConstants.SIGQUIT),
    /** Ends the process, which cannot refuse. */
    SIGKILL(SignalConstants.SIGKILL),
    /** For the process to define. */
    SIGUSR1(SignalConstants.SIGUSR1),
    /** For the process to define. */
    SIGUSR2(SignalConstants.SIGUSR2),
    /** Asks the process to end. */
    SIGTERM(SignalConstants.SIGTERM),
    /** Goes on after {@link #SIGSTOP}. */
    SIGCONT(SignalConstants.SIGCONT),
    /** Stops the process, which cannot refuse. */
    SIGSTOP(SignalConstants.SIGSTOP);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
