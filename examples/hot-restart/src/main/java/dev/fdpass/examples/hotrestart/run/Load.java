package dev.fdpass.examples.hotrestart.run;

/**
 * What wrk asks.
 *
 * @param connections that stay open, 1 or more
 * @param thinkMillis how long a connection waits on average between an answer and its next request; 0 for not at all
 * @param lateSeconds after how long an answer is late
 */
record Load(int connections, int thinkMillis, int lateSeconds) {}
