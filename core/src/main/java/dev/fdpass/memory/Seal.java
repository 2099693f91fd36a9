package dev.fdpass.memory;

import dev.fdpass.linux.FileConstants;
import java.util.EnumSet;
import java.util.Set;

/** What can no longer be done to a {@link SharedMemory}, by anyone, ever. Man page: {@code F_ADD_SEALS} in {@code fcntl(2)}. */
public enum Seal {
    /** No more seals can be added. */
    SEAL(FileConstants.F_SEAL_SEAL),
    /** It cannot become smaller: whoever maps it is safe from {@code SIGBUS}. */
    SHRINK(FileConstants.F_SEAL_SHRINK),
    /** It cannot become larger. */
    GROW(FileConstants.F_SEAL_GROW),
    /** It cannot be written; adding this fails with {@code EBUSY} while a writable mapping exists. */
    WRITE(FileConstants.F_SEAL_WRITE),
    /** It cannot be written but through mappings that exist already (Linux 5.1). */
    FUTURE_WRITE(FileConstants.F_SEAL_FUTURE_WRITE);

    private final int bit;

    Seal(int bit) {
        this.bit = bit;
    }

    static Set<Seal> fromBits(long bits) {
        Set<Seal> seals = EnumSet.noneOf(Seal.class);
        for (Seal seal : values()) {
            if ((bits & seal.bit) != 0) {
                seals.add(seal);
            }
        }
        return seals;
    }

    static int toBits(Iterable<Seal> seals) {
        int bits = 0;
        for (Seal seal : seals) {
            bits |= seal.bit;
        }
        return bits;
    }
}
