package dev.fdpass.examples.sharedring.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.EventFd;
import dev.fdpass.examples.sharedring.ring.RingLayout.Role;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import dev.fdpass.memory.VolatileSlice;
import dev.fdpass.tube.Descriptors;
import dev.fdpass.tube.Tube;
import dev.fdpass.tube.TubePair;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that writes into the shared memory whatever it likes. */
class BrokenRulesTest {
    private static final int CAPACITY = 4096;
    private static final long LONGEST_WAIT_NANOS = 60_000_000_000L;

    private final Arena arena = Arena.ofShared();
    private TubePair<RingOffer, RingOffer> tubes;
    private SharedMemory memory;
    private RingOffer offer;
    private VolatileSlice counters;
    private VolatileSlice bytes;

    @BeforeEach
    void open() throws IOException {
        tubes = Tube.pair(RingOffer.class, RingOffer.class);
        memory = memory(RingLayout.HEADER_BYTES + CAPACITY);
        offer = new RingOffer(memory, EventFd.create(), EventFd.create());
        map(memory);
    }

    private static SharedMemory memory(long size) throws IOException {
        SharedMemory memory = SharedMemory.create("hostile", size);
        memory.addSeals(Seal.SHRINK);
        return memory;
    }

    private void map(SharedMemory ring) throws IOException {
        VolatileSlice all = VolatileSlice.of(ring.map(arena));
        counters = all.subSlice(0, RingLayout.HEADER_BYTES);
        bytes = all.offset(RingLayout.HEADER_BYTES);
    }

    @AfterEach
    void close() throws IOException {
        offer.messages().close();
        offer.room().close();
        memory.close();
        tubes.close();
        arena.close();
    }

    private RingReceiver receiver() throws IOException {
        tubes.first().send(offer);
        return RingReceiver.accept(tubes.second());
    }

    /** A sender whose memory this test has, too. */
    private RingSender sender() throws IOException {
        RingSender sender = RingSender.offer(tubes.first(), CAPACITY);
        RingOffer theirs = tubes.second().receive();
        map(theirs.memory());
        Descriptors.closeAll(theirs);
        return sender;
    }

    // ---- Positions and lengths

    @ParameterizedTest
    @ValueSource(longs = {-8, 4, 9, CAPACITY + 8, 1L << 40, Long.MAX_VALUE, Long.MAX_VALUE - 7, Long.MIN_VALUE})
    void anImpossiblePositionOfTheSenderIsRefused(long position) throws IOException {
        try (RingReceiver ring = receiver()) {
            counters.setLongVolatile(Role.SENDER.position(), position);
            assertBroken(
                    () -> ring.receive(MemorySegment.ofArray(new byte[CAPACITY])), "sender's position is " + position);
        }
    }

    @Test
    void aSenderDoesNotGoBack() throws IOException {
        try (RingReceiver ring = receiver()) {
            counters.setLongVolatile(Role.SENDER.position(), 24);
            assertThat(ring.receive(MemorySegment.ofArray(new byte[16]))).isZero();
            counters.setLongVolatile(Role.SENDER.position(), 8);
            assertThat(ring.receive(MemorySegment.ofArray(new byte[16]))).isZero(); // was known to be there
            assertThat(ring.receive(MemorySegment.ofArray(new byte[16]))).isZero();
            assertBroken(() -> ring.receive(MemorySegment.ofArray(new byte[16])), "sender's position is 8");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 9, 17, CAPACITY, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
    void anImpossibleLengthIsRefused(long length) throws IOException {
        try (RingReceiver ring = receiver()) {
            bytes.setLongVolatile(0, length);
            counters.setLongVolatile(Role.SENDER.position(), 16);
            assertBroken(
                    () -> ring.receive(MemorySegment.ofArray(new byte[CAPACITY])), "a message of " + length + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-8, 4, 3016, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE})
    void anImpossiblePositionOfTheReceiverIsRefused(long position) throws IOException {
        try (RingSender ring = sender()) {
            ring.send(MemorySegment.ofArray(new byte[3000]));
            counters.setLongVolatile(Role.RECEIVER.position(), position);
            assertBroken(() -> ring.send(MemorySegment.ofArray(new byte[3000])), "receiver's position is " + position);
        }
    }

    @Test
    void whatIsWrittenAtRandomAllTheTimeIsRefusedOrReceived() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            SplittableRandom random = new SplittableRandom(1);
            while (!isOver.get()) {
                long value = random.nextBoolean() ? random.nextInt(-64, 2 * CAPACITY) : random.nextLong();
                if (random.nextBoolean()) {
                    counters.setLongVolatile(random.nextInt(6) * 128L, value & -8);
                } else {
                    bytes.setLongVolatile(random.nextInt(CAPACITY / 8) * 8L, value);
                }
            }
        });
        int broken = 0;
        int received = 0;
        long begin = System.nanoTime();
        long end = begin + 2_000_000_000;
        try {
            // On a busy machine the writer may get no processor for so long.
            while (System.nanoTime() < end
                    || ((broken == 0 || received == 0) && System.nanoTime() - begin < LONGEST_WAIT_NANOS)) {
                try (RingReceiver ring = receiver()) {
                    ring.setTimeout(Duration.ofMillis(10));
                    for (int length = 0; length != RingReceiver.END; received++) {
                        length = ring.receive(MemorySegment.ofArray(new byte[CAPACITY]));
                        assertThat(length).isBetween(RingReceiver.END, CAPACITY - 8);
                    }
                } catch (RingException | SocketTimeoutException e) {
                    broken++;
                }
            }
        } finally {
            isOver.set(true);
            writer.join();
        }
        assertThat(broken).isPositive();
        assertThat(received).isPositive();
    }

    // ---- Bells and tube

    @Test
    void aBellWithoutAMessageDoesNotEndTheWaitNorProlongIt() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        Thread ringer = Thread.ofPlatform().start(() -> {
            while (!isOver.get()) {
                try {
                    offer.messages().tryWrite(1);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        });
        try (RingReceiver ring = receiver()) {
            ring.setTimeout(Duration.ofMillis(300));
            long begin = System.nanoTime();
            assertThatThrownBy(() -> ring.receive(MemorySegment.ofArray(new byte[1])))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("sender");
            assertThat(System.nanoTime() - begin).isBetween(300_000_000L, LONGEST_WAIT_NANOS);
        } finally {
            isOver.set(true);
            ringer.join();
        }
    }

    @Test
    void aSecondMessageThroughTheTubeIsRefusedAndItsDescriptorsAreClosed() throws Exception {
        try (RingReceiver ring = receiver()) {
            tubes.first().send(offer);
            assertBroken(() -> ring.receive(MemorySegment.ofArray(new byte[1])), "through its tube");
        }
    }

    // ---- Memory

    @ParameterizedTest
    @ValueSource(longs = {1, 4096, 4096 + 2048, 4096 + 4095, 3 * 4096 + 8, 4096 + 3 * 4096, (1L << 31) + 4096})
    void memoryThatCannotBeARingIsRefused(long size) throws IOException {
        try (SharedMemory other = memory(size)) {
            tubes.first().send(new RingOffer(other, offer.messages(), offer.room()));
            assertThatThrownBy(() -> RingReceiver.accept(tubes.second()))
                    .isInstanceOf(RingException.class)
                    .hasMessageContaining("the memory has " + size + " bytes");
        }
    }

    @Test
    void memoryThatCouldShrinkIsNotEvenSent() throws IOException {
        try (SharedMemory other = SharedMemory.create("unsealed", RingLayout.HEADER_BYTES + CAPACITY)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tubes.first().send(new RingOffer(other, offer.messages(), offer.room())))
                    .withMessageContaining("SHRINK");
        }
    }

    @Test
    void theMemoryOfARingCannotBeShrunk() throws IOException {
        try (RingSender ring = RingSender.offer(tubes.first(), CAPACITY)) {
            RingOffer received = tubes.second().receive();
            try {
                assertThatThrownBy(() -> received.memory().resize(0))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("EPERM");
                ring.send(MemorySegment.ofArray(new byte[1]));
            } finally {
                Descriptors.closeAll(received);
            }
        }
    }

    private static void assertBroken(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String why) {
        long begin = System.nanoTime();
        assertThatThrownBy(call).isInstanceOf(RingException.class).hasMessageContaining(why);
        assertThat(System.nanoTime() - begin).isLessThan(LONGEST_WAIT_NANOS);
    }
}
