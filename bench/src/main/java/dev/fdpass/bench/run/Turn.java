package dev.fdpass.bench.run;

/**
 * What one turn took.
 *
 * @param nanos in all
 * @param bytes allocated by the threads that work; -1 if it cannot be seen
 */
record Turn(long nanos, long bytes) {}
