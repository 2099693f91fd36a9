package dev.fdpass.examples.sharedring.run;

import java.time.Duration;
import java.util.List;

/**
 * What is to be measured.
 *
 * @param sizes bytes of messages
 * @param contenders who
 * @param rounds in each of which every contender has a turn
 * @param turn how long that is
 * @param capacity bytes of a ring
 * @param spin how long those look who do
 */
record Plan(List<Integer> sizes, List<Contender> contenders, int rounds, Duration turn, int capacity, Duration spin) {
    /** How long all turns take, warming up included. */
    Duration total() {
        return turn.multipliedBy((long) Work.values().length
                * contenders.size()
                * (Measuring.WARM_UPS + (long) sizes.size() * (rounds + 1)));
    }
}
