package dev.fdpass.examples.hotrestart.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is served.
 *
 * <ul>
 *   <li>{@code GET /}: a greeting
 *   <li>{@code GET /pid}: the number of the process that answers, which every other answer has in a header as well
 *   <li>{@code GET /slow?millis=N}: a greeting after N milliseconds, at most {@value #MAX_MILLIS}
 *   <li>{@code POST /echo}: what was sent
 * </ul>
 */
public final class Site {
    private static final int MAX_MILLIS = 60_000;
    private static final Pattern SLOW = Pattern.compile("/slow\\?millis=([0-9]{1,5})");
    private static final Response GREETING = Response.text(200, "hello\n");

    private final long pid;
    private final AtomicLong asked = new AtomicLong();

    /**
     * A site.
     *
     * @param pid the number of this process
     */
    public Site(long pid) {
        this.pid = pid;
    }

    /** {@return the number of this process} */
    public long pid() {
        return pid;
    }

    /** {@return how many requests were asked so far, and are answered or being answered} */
    public long asked() {
        return asked.get();
    }

    /**
     * An answer, and when to give it.
     *
     * @param response the answer
     * @param delay how long to wait before it is sent
     */
    public record Answer(Response response, Duration delay) {}

    /**
     * Answers a request.
     *
     * @param request what was asked
     * @return the answer
     */
    public Answer answer(Request request) {
        asked.incrementAndGet();
        return switch (request.method() + " " + request.target()) {
            case "GET /", "HEAD /" -> now(GREETING);
            case "GET /pid" -> now(Response.text(200, pid + "\n"));
            case "POST /echo" -> now(new Response(200, request.body()));
            default -> slow(request);
        };
    }

    private static Answer slow(Request request) {
        Matcher slow = SLOW.matcher(request.target());
        if (!request.method().equals("GET") || !slow.matches() || Integer.parseInt(slow.group(1)) > MAX_MILLIS) {
            return now(Response.text(404, "there are /, /pid, /slow?millis=50 and POST /echo\n"));
        }
        return new Answer(GREETING, Duration.ofMillis(Integer.parseInt(slow.group(1))));
    }

    private static Answer now(Response response) {
        return new Answer(response, Duration.ZERO);
    }
}
