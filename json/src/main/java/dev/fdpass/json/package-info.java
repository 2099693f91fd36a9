/** What tubes, JSON-RPC and Varlink of this library have in common, and users do not see. */
@NullMarked
package dev.fdpass.json;

import org.jspecify.annotations.NullMarked;
