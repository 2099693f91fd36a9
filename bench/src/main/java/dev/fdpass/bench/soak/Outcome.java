package dev.fdpass.bench.soak;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a soak ended.
 *
 * @param seconds how long it passed descriptors
 * @param fdsBefore number and name of each open descriptor, before the first message
 * @param fdsAfter the same after the last
 * @param rssWarmKiB resident memory after warming up, at rest
 * @param rssAfterKiB the same after the last message
 * @param heapWarmKiB what of the heap was in use then; its size is fixed, so resident memory does not tell
 * @param heapAfterKiB the same after the last message
 * @param failure what ended it early, if something did
 */
record Outcome(
        double seconds,
        long sent,
        long taken,
        long closed,
        long truncated,
        Map<Integer, String> fdsBefore,
        Map<Integer, String> fdsAfter,
        long rssWarmKiB,
        long rssAfterKiB,
        long heapWarmKiB,
        long heapAfterKiB,
        @Nullable Throwable failure) {
    private static final double TOLERANCE = 0.10;
    /** The heap is nearly empty at rest; as much as this comes and goes with the JVM's own classes and threads. */
    private static final long HEAP_TOLERANCE_KIB = 4 * 1024;

    /** What does not add up, in sentences; empty if all does. */
    List<String> objections() {
        List<String> objections = new ArrayList<>();
        if (failure != null) {
            objections.add("it failed: " + failure);
        }
        if (sent != taken + closed + truncated) {
            objections.add(sent + " descriptors were sent, but " + taken + " taken + " + closed + " closed + "
                    + truncated + " truncated are " + (taken + closed + truncated));
        }
        if (sent == 0) {
            objections.add("nothing was sent");
        }
        if (!fdsBefore.equals(fdsAfter)) {
            objections.add("there were " + fdsBefore.size() + " open descriptors before and " + fdsAfter.size()
                    + " after: gone are " + difference(fdsBefore, fdsAfter) + ", new are "
                    + difference(fdsAfter, fdsBefore));
        }
        if (Math.abs(rssAfterKiB - rssWarmKiB) > TOLERANCE * rssWarmKiB) {
            objections.add("resident memory was " + rssWarmKiB + " KiB after warming up and is " + rssAfterKiB
                    + " KiB now, more than 10 % away");
        }
        if (heapAfterKiB > heapWarmKiB + HEAP_TOLERANCE_KIB) {
            objections.add(
                    "the heap held " + heapWarmKiB + " KiB after warming up and holds " + heapAfterKiB + " KiB now");
        }
        return objections;
    }

    private static Map<Integer, String> difference(Map<Integer, String> of, Map<Integer, String> without) {
        Map<Integer, String> difference = new HashMap<>(of);
        difference.entrySet().removeAll(without.entrySet());
        return difference;
    }

    /** One line. */
    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeNumberField("seconds", Math.round(seconds * 10) / 10.0);
            out.writeNumberField("sent", sent);
            out.writeNumberField("taken", taken);
            out.writeNumberField("closed", closed);
            out.writeNumberField("truncated", truncated);
            out.writeNumberField("fdsBefore", fdsBefore.size());
            out.writeNumberField("fdsAfter", fdsAfter.size());
            out.writeNumberField("rssWarmKiB", rssWarmKiB);
            out.writeNumberField("rssAfterKiB", rssAfterKiB);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not when writing to memory
        }
        return text.toString();
    }
}
