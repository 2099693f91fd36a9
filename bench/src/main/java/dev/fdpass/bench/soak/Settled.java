package dev.fdpass.bench.soak;

/**
 * What became of the descriptors of one receive.
 *
 * @param room for how many there was room
 * @param arrived how many came
 * @param truncated whether the receive said that some did not
 * @param sampleAt which of them was looked at; -1 for none
 * @param sampleName its name
 */
record Settled(int room, int arrived, boolean truncated, int sampleAt, String sampleName) {
    /** For a message that was followed by another in the same receive: descriptors end a receive, so it had none. */
    static final Settled NOTHING = new Settled(0, 0, false, -1, "");
}
