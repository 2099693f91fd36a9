package dev.fdpass.examples.sharedring.ring;

import dev.fdpass.OwnedFd;
import dev.fdpass.UnixStream;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.tube.Tube;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/** The other process of {@link RingOfTwoProcessesTest}. Its arguments say what it does with the tube at descriptor 3. */
final class RingPeer {
    static final int TUBE = 3;
    static final long SEED = 7;

    private RingPeer() {}

    public static void main(String[] arguments) throws Exception {
        Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
        before.remove(TUBE);
        int number = Integer.parseInt(arguments[1]);
        try (var tube = Tube.over(UnixStream.adopt(OwnedFd.adopt(TUBE)), RingOffer.class, RingOffer.class)) {
            switch (arguments[0]) {
                case "send" -> send(tube, Integer.parseInt(arguments[2]), number);
                case "receive" -> receive(tube, number);
                case "receive-when-told" -> receiveWhenTold(tube, number);
                case "send-and-stay" -> sendAndStay(tube, number);
                case "accept-and-stay" -> acceptAndStay(tube);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
        Map<Integer, String> after = DescriptorLeakCheck.openDescriptors();
        if (!after.equals(before)) {
            throw new IllegalStateException("open before: " + before + ", after: " + after);
        }
        System.out.println("done");
    }

    private static void send(Tube<RingOffer, RingOffer> tube, int capacity, int count) throws IOException {
        try (var ring = RingSender.offer(tube, capacity)) {
            RandomMessages messages = new RandomMessages(SEED, (int) ring.longestMessage());
            for (int i = 0; i < count; i++) {
                ring.send(MemorySegment.ofArray(messages.next()));
            }
        }
    }

    private static void receive(Tube<RingOffer, RingOffer> tube, int count) throws IOException {
        try (var ring = RingReceiver.accept(tube)) {
            receive(ring, count);
        }
    }

    private static void receive(RingReceiver ring, int count) throws IOException {
        RandomMessages messages = new RandomMessages(SEED, (int) ring.longestMessage());
        byte[] received = new byte[(int) ring.longestMessage()];
        for (int i = 0; i < count; i++) {
            int length = ring.receive(MemorySegment.ofArray(received));
            if (!Arrays.equals(messages.next(), Arrays.copyOf(received, length))) {
                throw new IllegalStateException("message " + i + " is another one");
            }
        }
        if (ring.receive(MemorySegment.ofArray(received)) != RingReceiver.END) {
            throw new IllegalStateException("one message too many");
        }
    }

    private static void receiveWhenTold(Tube<RingOffer, RingOffer> tube, int count) throws IOException {
        try (var ring = RingReceiver.accept(tube)) {
            System.out.println("ready");
            int told = System.in.read();
            if (told >= 0) {
                receive(ring, count);
            }
        }
    }

    private static void sendAndStay(Tube<RingOffer, RingOffer> tube, int count) throws Exception {
        try (var ring = RingSender.offer(tube, 1 << 16)) {
            for (int i = 0; i < count; i++) {
                ring.send(MemorySegment.ofArray(new byte[] {(byte) i}));
            }
            System.out.println("ready");
            Thread.sleep(60_000);
        }
    }

    private static void acceptAndStay(Tube<RingOffer, RingOffer> tube) throws Exception {
        try (var ring = RingReceiver.accept(tube)) {
            ring.setSpin(Duration.ZERO);
            System.out.println("ready");
            Thread.sleep(60_000);
        }
    }
}
