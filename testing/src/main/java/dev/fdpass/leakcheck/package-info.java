/** The check around every test that no descriptor was left open. */
@NullMarked
package dev.fdpass.leakcheck;

import org.jspecify.annotations.NullMarked;
