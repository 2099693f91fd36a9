package dev.fdpass.tube;

import dev.fdpass.frame.FrameLimits;

/** What holds for a tube, and for the tubes that come through it. */
record Terms(FrameLimits limits, MessageCodec codec) {
    static final Terms USUAL = new Terms(FrameLimits.DEFAULT, JacksonCodec.json());
}
