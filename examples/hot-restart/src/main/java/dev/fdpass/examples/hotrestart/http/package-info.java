/** As much of HTTP/1.1 as the example needs: requests from bytes, responses to bytes, and what is answered to what. */
@NullMarked
package dev.fdpass.examples.hotrestart.http;

import org.jspecify.annotations.NullMarked;
