/**
 * Memory that processes share: made here or received as a descriptor, mapped, and accessed while the other side writes.
 */
@NullMarked
package dev.fdpass.memory;

import org.jspecify.annotations.NullMarked;
