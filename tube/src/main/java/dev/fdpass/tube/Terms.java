package dev.fdpass.tube;

import dev.fdpass.frame.FrameLimits;

/** What holds for a tube, and for the tubes that come through it. */
record Terms(FrameLimits limits, MessageCodec codec) {
    static final Terms USUAL = new Terms(FrameLimits.DEFAULT, JacksonCodec.json());

    /** These, for questions and answers. */
    static Terms ofRequests(FrameLimits limits, MessageCodec codec) {
        if (limits.maxBytes() < Envelope.BYTES) {
            throw new IllegalArgumentException("frames of at most " + limits.maxBytes()
                    + " bytes; a request or a reply begins with " + Envelope.BYTES
                    + ", its kind and number: give that and room for the message, or more");
        }
        return new Terms(limits, codec);
    }
}
