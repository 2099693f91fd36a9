package dev.fdpass.linux;

/** Which open descriptors a program is to have, and at which numbers. */
public final class DescriptorPlan {
    private final int[] targets;
    private final int[] numbers;

    /**
     * A plan.
     *
     * @param targets the numbers that it is to have, ascending
     * @param numbers for each the descriptor that goes there; all are above every target, so that none is overwritten
     *     before its turn
     */
    public DescriptorPlan(int[] targets, int[] numbers) {
        this.targets = targets.clone();
        this.numbers = numbers.clone();
    }

    int count() {
        return targets.length;
    }

    int target(int index) {
        return targets[index];
    }

    int number(int index) {
        return numbers[index];
    }
}
