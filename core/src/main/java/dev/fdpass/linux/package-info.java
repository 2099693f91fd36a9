/**
 * The kernel's side: system calls, structures, constants, error numbers. The only package that makes a downcall or
 * knows an offset; it depends on nothing above it and is not exported. Functions are named after their man page and
 * return what the kernel returns: a result, or the negated error number.
 */
@NullMarked
package dev.fdpass.linux;

import org.jspecify.annotations.NullMarked;
