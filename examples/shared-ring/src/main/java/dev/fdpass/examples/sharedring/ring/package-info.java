/**
 * A ring in shared memory: messages from one process to another without a system call, while both are busy. {@link
 * dev.fdpass.examples.sharedring.ring.RingSender} writes them, {@link dev.fdpass.examples.sharedring.ring.RingReceiver} reads
 * them.
 */
@NullMarked
package dev.fdpass.examples.sharedring.ring;

import org.jspecify.annotations.NullMarked;
