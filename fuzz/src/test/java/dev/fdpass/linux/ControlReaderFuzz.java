package dev.fdpass.linux;

import static dev.fdpass.fuzz.Inputs.check;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.fdpass.CmsgFuzz;
import dev.fdpass.fuzz.ControlBytes;
import dev.fdpass.fuzz.ControlBytes.Message;
import dev.fdpass.fuzz.SeedsOf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;

/** {@link ControlReader}: who gets which descriptor number. */
@SeedsOf(CmsgFuzz.class)
@DisplayName("R01 R05 R06 R07: of any control bytes, each descriptor is taken or closed, exactly once")
public final class ControlReaderFuzz {
    private static final int UNTOUCHED = 0x5eed_5eed;
    private static final int BEHIND = 64;
    private static final int CREDENTIALS_SIZE = 12;

    private ControlReaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ControlBytes expected = ControlBytes.read(input);
        MemorySegment exact = MemorySegment.ofArray(input.clone());
        // Behind the end, what looks like messages of the longest kind.
        byte[] more = Arrays.copyOf(input, input.length + BEHIND);
        Arrays.fill(more, input.length, more.length, (byte) 1);
        MemorySegment larger = MemorySegment.ofArray(more);

        int all = rights(expected).size();
        int[] limits = {0, 1, 2, 3, all / 2, all - 1, all, all + 1, SocketConstants.SCM_MAX_FD};
        Arrays.sort(limits);
        int last = -1;
        for (int limit : limits) {
            if (limit > last) {
                read(exact, input.length, false, limit, expected);
                read(larger, input.length, false, limit, expected);
                read(exact, input.length, true, limit, expected);
                last = limit;
            }
        }
        check(exact.mismatch(MemorySegment.ofArray(input)) < 0, "reading changed the bytes");
    }

    private static void read(MemorySegment control, int controllen, boolean isFull, int limit, ControlBytes expected) {
        List<Integer> rights = rights(expected);
        List<Integer> pidFds = pidFds(expected);
        int fitting = Math.min(limit, rights.size());

        int[] into = new int[limit + 1];
        Arrays.fill(into, UNTOUCHED);
        ControlSummary found = new ControlSummary();
        found.pidFd(UNTOUCHED); // of a receive before
        found.credentials(1, 2, 3);
        found.timestamp(4, 5);
        ControlReader.read(control, controllen, isFull, into, limit, found);
        List<Integer> surplus = new ArrayList<>();
        ControlReader.forEachSurplus(control, controllen, limit, surplus::add);

        List<Integer> taken = Arrays.stream(into, 0, fitting).boxed().toList();
        check(found.fds() == fitting, "%d descriptors, not %d", found.fds(), fitting);
        check(taken.equals(rights.subList(0, fitting)), "took %s of %s", taken, rights);
        for (int i = fitting; i < into.length; i++) {
            check(into[i] == UNTOUCHED, "wrote to place %d, after the last of %d", i, fitting);
        }
        check(found.pidFd() == (pidFds.isEmpty() ? -1 : pidFds.getFirst()), "pidfd %d", found.pidFd());
        check(found.isMalformed() == expected.malformed(), "malformed: %b", found.isMalformed());

        // Each exactly once: those that were not taken are to be closed.
        List<Integer> left = new ArrayList<>(rights.subList(fitting, rights.size()));
        left.addAll(pidFds.subList(Math.min(1, pidFds.size()), pidFds.size()));
        check(found.surplus() == surplus.size(), "counts %d to close, gives %s", found.surplus(), surplus);
        check(sorted(surplus).equals(sorted(left)), "closes %s, not %s", surplus, left);
        others(control, controllen, isFull, found, expected);
    }

    private static List<Integer> rights(ControlBytes control) {
        return control.messages().stream()
                .filter(Message::isRights)
                .flatMap(message -> message.numbers().stream())
                .toList();
    }

    /** The kernel gives one number a message; what is negative is none. */
    private static List<Integer> pidFds(ControlBytes control) {
        return control.messages().stream()
                .filter(is(SocketConstants.SCM_PIDFD, Integer.BYTES))
                .map(message -> message.numbers().getFirst())
                .filter(number -> number >= 0)
                .toList();
    }

    private static List<Integer> sorted(List<Integer> numbers) {
        return numbers.stream().sorted().toList();
    }

    private static Predicate<Message> is(int type, int size) {
        return message -> message.level() == SocketConstants.SOL_SOCKET
                && message.type() == type
                && message.data().remaining() >= size;
    }

    private static void others(
            MemorySegment control, int controllen, boolean isFull, ControlSummary found, ControlBytes expected) {
        List<ByteBuffer> credentials = data(expected, is(SocketConstants.SCM_CREDENTIALS, CREDENTIALS_SIZE));
        check(found.hasCredentials() == !credentials.isEmpty(), "credentials: %b", found.hasCredentials());
        if (found.hasCredentials()) {
            ByteBuffer last = credentials.getLast();
            check(found.pid() == last.getInt(0), "pid %d", found.pid());
            check(found.uid() == last.getInt(4), "uid %d", found.uid());
            check(found.gid() == last.getInt(8), "gid %d", found.gid());
        }
        Predicate<Message> timestamp = is(SocketConstants.SO_TIMESTAMPNS, ControlReader.TIMESTAMP_SIZE)
                .or(is(SocketConstants.SO_TIMESTAMPNS_NEW, ControlReader.TIMESTAMP_SIZE))
                .or(is(SocketConstants.SO_TIMESTAMP, ControlReader.TIMESTAMP_SIZE))
                .or(is(SocketConstants.SO_TIMESTAMP_NEW, ControlReader.TIMESTAMP_SIZE));
        List<ByteBuffer> timestamps = data(expected, timestamp);
        check(found.hasTimestamp() == !timestamps.isEmpty(), "timestamp: %b", found.hasTimestamp());
        check(
                !found.hasTimestamp() || found.seconds() == timestamps.getLast().getLong(0),
                "%d seconds",
                found.seconds());
        if (isFull) { // a label at the very end may be cut
            check(
                    found.securityLength() == 0 || found.securityAt() + found.securityLength() < controllen,
                    "a label that may be cut");
            return;
        }
        List<ByteBuffer> labels = data(expected, is(SocketConstants.SCM_SECURITY, 0));
        int length = labels.isEmpty() ? 0 : labels.getLast().remaining();
        check(found.securityLength() == length, "label of %d bytes, not %d", found.securityLength(), length);
        if (length > 0) {
            check(found.securityAt() + length <= controllen, "label beyond the end");
            byte[] label = control.asSlice(found.securityAt(), length).toArray(JAVA_BYTE);
            check(ByteBuffer.wrap(label).equals(labels.getLast()), "label");
        }
    }

    private static List<ByteBuffer> data(ControlBytes control, Predicate<Message> which) {
        return control.messages().stream()
                .filter(which)
                .map(message -> message.data().duplicate().order(ByteOrder.nativeOrder()))
                .toList();
    }
}
