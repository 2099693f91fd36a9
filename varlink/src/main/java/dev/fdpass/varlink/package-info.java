/**
 * Varlink with descriptors. {@link dev.fdpass.varlink.VarlinkClient} calls, {@link dev.fdpass.varlink.VarlinkService} is
 * called; a Java interface with {@link dev.fdpass.varlink.VarlinkInterface} is what both may share. Descriptors are
 * parameters of type {@link dev.fdpass.OwnedFd}; on the wire each is the index of one that comes with the message.
 */
@NullMarked
package dev.fdpass.varlink;

import org.jspecify.annotations.NullMarked;
