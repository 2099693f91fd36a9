package dev.fdpass.bench.run;

/**
 * How long to measure.
 *
 * @param rounds in which every contender has one turn
 * @param turnMillis about how long one turn takes
 * @param warmUpMillis how long each contender does each work before it is measured
 * @param singles operations of W1 that are timed one by one
 */
public record Plan(int rounds, int turnMillis, int warmUpMillis, int singles) {
    static final Plan FULL = new Plan(150, 3, 2000, 100_000);
    static final Plan QUICK = new Plan(50, 2, 1000, 20_000);
}
