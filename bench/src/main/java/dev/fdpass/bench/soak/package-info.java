/**
 * The soak: descriptors go through all types of socket for a long time, and in the end every one of them is accounted for.
 *
 * <p>Each message says in its header how many descriptors it was sent with, and which. So the receiver knows what should
 * have come, also from a sender that was killed. {@link dev.fdpass.bench.soak.Soak} runs it all;
 * {@link dev.fdpass.bench.soak.Sender} makes messages, {@link dev.fdpass.bench.soak.Receiver} takes them in by every door
 * and gives them to {@link dev.fdpass.bench.soak.Packets} or {@link dev.fdpass.bench.soak.StreamOfMessages}, which find the
 * messages in what came, and they to {@link dev.fdpass.bench.soak.Reckoning}, which checks and counts.
 */
@NullMarked
package dev.fdpass.bench.soak;

import org.jspecify.annotations.NullMarked;
