/** What the two variants of the server have in common: connections that can be taken out and put into another. */
@NullMarked
package dev.fdpass.examples.hotrestart.service;

import org.jspecify.annotations.NullMarked;
