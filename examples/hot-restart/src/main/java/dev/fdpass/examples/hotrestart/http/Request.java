package dev.fdpass.examples.hotrestart.http;

import java.nio.ByteBuffer;

/**
 * A whole request.
 *
 * @param method as it was sent: {@code GET}
 * @param target as it was sent: {@code /slow?millis=50}
 * @param isKeptAlive whether another request may follow on the connection
 * @param isHttp10 whether it is of HTTP/1.0, which must be told that the connection stays open
 * @param body its content, 0 to {@link RequestReader#MAX_BODY} bytes from position to limit; shared, not
 *     to be changed
 */
public record Request(String method, String target, boolean isKeptAlive, boolean isHttp10, ByteBuffer body) {}
