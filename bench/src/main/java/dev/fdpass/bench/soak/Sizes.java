package dev.fdpass.bench.soak;

import dev.fdpass.ScmMessage;
import java.util.SplittableRandom;

/** Random sizes: small ones often, every edge, and the largest often enough to pass many descriptors. */
final class Sizes {
    private static final int[] EDGES = {0, 1, 2, 3, 31, 32, 33, 252, 253};

    private Sizes() {}

    static int fds(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1, 2 -> random.nextInt(1, 5);
            case 3 -> edge(random);
            case 4, 5 -> ScmMessage.SCM_MAX_FDS;
            default -> random.nextInt(ScmMessage.SCM_MAX_FDS + 1);
        };
    }

    /** For how many descriptors there is room; mostly for all. */
    static int room(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(ScmMessage.SCM_MAX_FDS + 1);
            case 1 -> edge(random);
            default -> ScmMessage.SCM_MAX_FDS;
        };
    }

    static int edge(SplittableRandom random) {
        return EDGES[random.nextInt(EDGES.length)];
    }

    static int payloadBytes(SplittableRandom random) {
        return switch (random.nextInt(16)) {
            case 0 -> random.nextInt(Header.MAX_PAYLOAD + 1);
            case 1, 2, 3 -> random.nextInt(4096);
            case 4 -> 0;
            default -> random.nextInt(200);
        };
    }

    /** Room for bytes: mostly for all. {@code least} must always fit. */
    static int byteRoom(SplittableRandom random, int least) {
        return switch (random.nextInt(16)) {
            case 0 -> least + random.nextInt(40);
            case 1, 2 -> least + random.nextInt(2000);
            default -> Header.MAX_BYTES;
        };
    }
}
