package dev.fdpass.bench.soak;

/** Holds each message of one sender against what was to be expected, and counts. */
final class Reckoning {
    private final String owner;
    private final Counts counts;
    private long messages;
    private long fds;
    private boolean last;

    /**
     * A reckoning with one sender.
     *
     * @param owner whose {@link NamedFiles} the descriptors are
     */
    Reckoning(String owner, Counts counts) {
        this.owner = owner;
        this.counts = counts;
    }

    void check(Header header, Settled settled) {
        if (header.sequence() != messages || last) {
            throw new DiscrepancyException(owner + ": message " + messages + " was expected and " + header + " came");
        }
        if (header.fds() < 0 || settled.arrived() != Math.min(header.fds(), settled.room())) {
            throw new DiscrepancyException(owner + ": with room for " + settled.room() + " descriptors "
                    + settled.arrived() + " came of " + header);
        }
        if (settled.truncated() != header.fds() > settled.room()) {
            throw new DiscrepancyException(owner + ": with room for " + settled.room() + " descriptors "
                    + (settled.truncated() ? "some" : "none") + " are said to be missing of " + header);
        }
        if (settled.sampleAt() >= 0) {
            String expected = NamedFiles.kernelName(owner, header.firstFile() + settled.sampleAt());
            if (!settled.sampleName().equals(expected)) {
                throw new DiscrepancyException(owner + ": descriptor " + settled.sampleAt() + " of " + header + " is "
                        + settled.sampleName() + " and should be " + expected);
            }
            counts.identified.increment();
        }
        messages++;
        fds += header.fds();
        last = header.kind() == Header.LAST;
        counts.messages.increment();
        counts.announced.add(header.fds());
        counts.truncated.add(header.fds() - settled.arrived());
    }

    /** Messages that came. */
    long messages() {
        return messages;
    }

    /** Descriptors that they were sent with. */
    long fds() {
        return fds;
    }

    /** Whether the sender said that it was all. */
    boolean isLast() {
        return last;
    }

    /** After the end of a sender that said so: everything came, exactly. */
    void checkAll(Ledger ledger) {
        if (!last || messages != ledger.sentMessages() || fds != ledger.sentFds()) {
            throw new DiscrepancyException(owner + ": " + messages + " messages with " + fds + " descriptors came of "
                    + ledger.sentMessages() + " with " + ledger.sentFds());
        }
    }

    /** After the end of a sender that was killed: everything came that it had sent, and perhaps the one it was sending. */
    void checkKilled(Ledger ledger) {
        if (messages < ledger.sentMessages()
                || messages > ledger.begunMessages()
                || fds < ledger.sentFds()
                || fds > ledger.begunFds()) {
            throw new DiscrepancyException(
                    owner + ": " + messages + " messages with " + fds + " descriptors came; it had "
                            + "sent " + ledger.sentMessages() + " with " + ledger.sentFds() + ", and begun "
                            + ledger.begunMessages() + " with " + ledger.begunFds());
        }
    }
}
