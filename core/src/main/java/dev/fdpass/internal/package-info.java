/** What the packages and modules of this library share and nobody else sees. */
@NullMarked
package dev.fdpass.internal;

import org.jspecify.annotations.NullMarked;
