package dev.fdpass.tube;

import dev.fdpass.AsFd;
import dev.fdpass.EventFd;
import dev.fdpass.FdPipe;
import dev.fdpass.OwnedFd;
import dev.fdpass.PidFd;
import dev.fdpass.SocketPair;
import dev.fdpass.UnixAddress;
import dev.fdpass.UnixDatagram;
import dev.fdpass.UnixSeqpacket;
import dev.fdpass.UnixSeqpacketListener;
import dev.fdpass.UnixStream;
import dev.fdpass.UnixStreamListener;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.memory.Seal;
import dev.fdpass.memory.SharedMemory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Descriptors of many kinds, each by its letter; and how many are open. */
final class Palette implements AutoCloseable {
    private static final int MOST = 16;
    private static final int AT_LITTLE_COST = 200;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    /** Of all numbers those that are the JVM's own, whose archives are opened when they are needed, and stay so. */
    private static int ofTheJvm;
    /** When those were counted. */
    private static int numbersThen = -1;

    private final int before = countBefore();
    private final List<AsFd> picked = new ArrayList<>();

    private static int countBefore() {
        if (numbers() != numbersThen) {
            ofTheJvm = numbersBeyond(others());
            numbersThen = numbers();
        }
        return numbersThen - ofTheJvm;
    }

    /** Those that the letters name, at most 16; other letters name none. */
    AsFd[] pick(String letters) throws IOException {
        for (int i = 0; i < letters.length() && picked.size() < MOST; i++) {
            open(letters.charAt(i));
        }
        return picked.toArray(AsFd[]::new);
    }

    private void open(char letter) throws IOException {
        switch (letter) {
            case 'f' -> picked.add(OwnedFd.open(Path.of("/dev/null")));
            case 'd' -> picked.add(OwnedFd.open(Path.of("/dev")));
            case 'e' -> picked.add(EventFd.create());
            case 'm' -> {
                SharedMemory memory = SharedMemory.create("sealed", 10);
                picked.add(memory);
                memory.addSeals(Seal.SHRINK);
            }
            case 'u' -> picked.add(SharedMemory.create("unsealed", 10));
            case 'i' -> picked.add(PidFd.open(ProcessHandle.current()));
            case 'p' -> {
                FdPipe pipe = FdPipe.open();
                picked.add(pipe.readEnd());
                pipe.writeEnd().close();
            }
            case 's' -> first(UnixStream.pair());
            case 'q' -> first(UnixSeqpacket.pair());
            case 'g' -> picked.add(UnixDatagram.open());
            case 'l' -> picked.add(UnixStreamListener.bind(UnixAddress.unnamed()));
            case 'k' -> picked.add(UnixSeqpacketListener.bind(UnixAddress.unnamed()));
            default -> {}
        }
    }

    private void first(SocketPair<?> pair) throws IOException {
        picked.add(pair.first());
        pair.second().close();
    }

    /** Closes those that were picked. */
    @Override
    public void close() throws IOException {
        Descriptors.closeAll(picked);
    }

    /** Whether as many are open as in the beginning, soon: what a stranger sent is closed by threads of the library. */
    boolean isAllClosed() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (int i = 0; numbers() - ofTheJvm != before; i++) {
            if (i >= AT_LITTLE_COST && others() == before) { // so that nothing is closed while the JVM's are counted
                ofTheJvm = numbersBeyond(before);
            }
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(20_000);
        }
        return true;
    }

    private static int numbersBeyond(int others) {
        return numbers() - others;
    }

    /** Asked for at little cost. */
    private static int numbers() {
        String[] links = new File("/proc/self/fd").list();
        return links == null ? -1 : links.length;
    }

    private static int others() {
        return DescriptorLeakCheck.openDescriptors().size();
    }
}
