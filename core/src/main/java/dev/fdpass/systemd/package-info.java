/**
 * The protocols of a service manager such as systemd, from all sides: {@link dev.fdpass.systemd.ListenFds} takes the
 * descriptors that a service was started with and gives them to one, {@link dev.fdpass.systemd.NotifySocket} tells the
 * manager how the service is doing, {@link dev.fdpass.systemd.NotifyReceiver} is told so. No library of systemd is needed.
 */
@NullMarked
package dev.fdpass.systemd;

import org.jspecify.annotations.NullMarked;
