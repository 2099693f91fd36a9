package dev.fdpass.examples.sharedring.ring;

import dev.fdpass.EventFd;
import dev.fdpass.memory.SharedMemory;

/**
 * What the sender of a ring sends through the tube, and all that its receiver needs.
 *
 * @param memory laid out as {@link RingLayout} says; sealed against shrinking, else the tube refuses it on both sides
 * @param messages rung by the sender when the receiver sleeps until a message comes
 * @param room rung by the receiver when the sender sleeps until there is room
 */
public record RingOffer(SharedMemory memory, EventFd messages, EventFd room) {}
