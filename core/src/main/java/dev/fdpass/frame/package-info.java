/**
 * Frames: one send is one frame with its bytes and its descriptors, one receive is exactly that frame and exactly its
 * descriptors, however the kernel split or merged them on the way. {@link dev.fdpass.frame.FramedChannel} is where to begin;
 * {@link dev.fdpass.frame.Framing} says how the frames of a byte stream are told apart, and
 * {@link dev.fdpass.frame.FrameLimits} what a peer may send.
 */
@NullMarked
package dev.fdpass.frame;

import org.jspecify.annotations.NullMarked;
