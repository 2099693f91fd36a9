/** {@code fdpass demo}: passes every kind of open file between two processes and proves that it arrived. */
@NullMarked
package dev.fdpass.cli.demo;

import org.jspecify.annotations.NullMarked;
