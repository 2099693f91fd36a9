package dev.fdpass.bench.scaling;

import java.util.List;

/** What grows while the rest of the message stays as it is. */
enum Panel {
    FDS("descriptor"),
    BYTES("byte"),
    BUFFERS("buffer");

    private final String one;

    Panel(String one) {
        this.one = one;
    }

    /** {@return the word for one of what grows} */
    String one() {
        return one;
    }

    /** {@return how many of them are measured: more where a line bends} */
    List<Integer> counts() {
        return switch (this) {
            case FDS -> List.of(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 253);
            case BYTES ->
                List.of(
                        1, 4, 16, 64, 128, 256, 512, 1024, 1536, 2048, 3072, 3584, 4096, 6144, 8192, 12288, 16384,
                        24576, 32768, 36352, 36864, 40960, 49152, 65536, 98304, 131072, 196608, 262144, 524288,
                        1048576);
            case BUFFERS -> List.of(1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 16, 24, 32, 64, 128, 256, 512, 1024);
        };
    }

    /** {@return the message with so many, in words} */
    String message() {
        return switch (this) {
            case FDS -> "1 byte and 1 to 253 descriptors";
            case BYTES -> "1 B to 1 MiB in one buffer and 1 descriptor";
            case BUFFERS -> "1 to 1024 buffers of 1 byte and 1 descriptor";
        };
    }

    int fds(int count) {
        return this == FDS ? count : 1;
    }

    int bytes(int count) {
        return this == FDS ? 1 : count;
    }

    int buffers(int count) {
        return this == BUFFERS ? count : 1;
    }
}
