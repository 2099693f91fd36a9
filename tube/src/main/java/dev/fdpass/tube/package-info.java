/**
 * Typed messages with file descriptors inside. {@link dev.fdpass.tube.Tube} is where to begin;
 * {@link dev.fdpass.tube.RequestTube} and {@link dev.fdpass.tube.ReplyTube} ask and answer over one; a
 * {@link dev.fdpass.tube.MessageCodec} says what messages look like on the way, as {@link dev.fdpass.tube.JacksonCodec} does.
 */
@NullMarked
package dev.fdpass.tube;

import org.jspecify.annotations.NullMarked;
