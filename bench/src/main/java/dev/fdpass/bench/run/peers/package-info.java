/** Those who pass descriptors: this library through both doors, C, and other libraries. */
@NullMarked
package dev.fdpass.bench.run.peers;

import org.jspecify.annotations.NullMarked;
