package dev.fdpass.jdk;

import static dev.fdpass.jdk.Proofs.PROVED;
import static dev.fdpass.jdk.Proofs.bytes;
import static dev.fdpass.jdk.Proofs.require;
import static dev.fdpass.jdk.Proofs.requireEqual;
import static dev.fdpass.jdk.Proofs.requireSame;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fdpass.OwnedFd;
import dev.fdpass.jdk.Proofs.Proof;
import dev.fdpass.jdk.Proofs.Subject;
import dev.fdpass.jdk.Proofs.Waiting;
import dev.fdpass.linux.Descriptors;
import dev.fdpass.testing.LibcCalls;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is proved of file channels and streams. */
final class FileProofs {
    private interface FileUse {
        void of(Path file) throws Exception;
    }

    private interface PipeUse {
        void of(OwnedFd reads, OwnedFd writes) throws Exception;
    }

    private final Map<Subject, Map<String, Proof>> all;

    private FileProofs(Map<Subject, Map<String, Proof>> all) {
        this.all = all;
    }

    static void addTo(Map<Subject, Map<String, Proof>> all) {
        new FileProofs(all).add();
    }

    private void add() {
        Subject channel = new Subject("FileChannel, regular file", "to");
        onFile(channel, "same open file, shared position", FileProofs::sharedPosition);
        onFile(channel, "positional reads and writes, size, map, lock", FileProofs::channelOperations);
        onFile(channel, "appends if the descriptor does", FileProofs::appends);
        Subject pipe = new Subject("FileChannel, pipe", "to");
        onPipe(pipe, "same open file, blocking read", FileProofs::pipeChannel);
        onPipe(pipe, "virtual threads", FileProofs::pipeInVirtualThread);
        onPipe(pipe, "close wakes", FileProofs::closeWakes);
        Subject input = new Subject("FileInputStream, regular file or pipe", "to");
        onFile(input, "same open file, shared position", FileProofs::inputStream);
        onPipe(input, "blocking read of a pipe", FileProofs::pipeInputStream);
        Subject output = new Subject("FileOutputStream, regular file or pipe", "to");
        onFile(output, "same open file, shared position, nothing truncated", FileProofs::outputStream);
        onPipe(output, "writes to a pipe", FileProofs::pipeOutputStream);
        Subject fromChannel = new Subject("FileChannel, regular file", "from");
        onFile(fromChannel, "same open file", FileProofs::duplicateOfChannel);
        onFile(fromChannel, "told from others of one file", FileProofs::toldApart);
        Subject fromStreams = new Subject("FileInputStream, FileOutputStream, RandomAccessFile", "from");
        onFile(fromStreams, "same open file", FileProofs::duplicateOfStreams);
        onPipe(new Subject("FileChannel and streams, pipe", "from"), "same open file", FileProofs::duplicateOfPipe);
    }

    private void put(Subject subject, String name, Proof proof) {
        all.computeIfAbsent(subject, key -> new LinkedHashMap<>()).put(name, proof);
    }

    private void onFile(Subject subject, String name, FileUse use) {
        put(subject, name, () -> {
            Path file = Files.createTempFile("fdpass-", ".txt");
            try {
                Files.writeString(file, "0123456789");
                use.of(file);
            } finally {
                Files.delete(file);
            }
            return PROVED;
        });
    }

    private void onPipe(Subject subject, String name, PipeUse use) {
        put(subject, name, () -> {
            int[] ends = LibcCalls.pipe();
            try (OwnedFd reads = OwnedFd.adopt(ends[0]);
                    OwnedFd writes = OwnedFd.adopt(ends[1])) {
                use.of(reads, writes);
            }
            return PROVED;
        });
    }

    private static OwnedFd open(Path file, OpenOption... options) throws Exception {
        return OwnedFd.open(file, options);
    }

    private static void sharedPosition(Path file) throws Exception {
        for (OpenOption[] options : new OpenOption[][] {
            {StandardOpenOption.READ}, {StandardOpenOption.WRITE}, {StandardOpenOption.READ, StandardOpenOption.WRITE}
        }) {
            try (OwnedFd fd = open(file, options);
                    OwnedFd kept = fd.duplicate()) {
                kept.position(3);
                long flags = Descriptors.getStatusFlags(kept.number());
                try (FileChannel channel = JdkFiles.toFileChannel(fd);
                        OwnedFd again = JdkFiles.duplicateOf(channel)) {
                    require(!fd.isOpen(), "the descriptor was taken");
                    requireSame(kept, again);
                    requireEqual(channel.position(), 3L);
                    channel.position(7);
                    requireEqual(kept.position(), 7L);
                    requireEqual(Descriptors.getStatusFlags(kept.number()), flags);
                    requireEqual(channel.size(), 10L);
                }
            }
        }
    }

    private static void channelOperations(Path file) throws Exception {
        try (FileChannel channel =
                JdkFiles.toFileChannel(open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))) {
            channel.write(bytes("ab"), 4);
            ByteBuffer buffer = ByteBuffer.allocate(4);
            channel.read(buffer, 3);
            requireEqual(Proofs.text(buffer), "3ab6");
            requireEqual(channel.map(FileChannel.MapMode.READ_ONLY, 0, 10).get(4), (byte) 'a');
            try (FileLock lock = channel.tryLock()) {
                require(lock.isValid(), "it can be locked");
            }
            channel.truncate(5);
            requireEqual(Files.readString(file), "0123a");
        }
    }

    private static void appends(Path file) throws Exception {
        for (OpenOption[] options :
                new OpenOption[][] {{StandardOpenOption.APPEND}, {StandardOpenOption.READ, StandardOpenOption.APPEND}
                }) {
            Files.writeString(file, "0123456789");
            try (FileChannel channel = JdkFiles.toFileChannel(open(file, options))) {
                channel.write(bytes("ab"));
            }
            try (FileOutputStream stream = JdkFiles.toFileOutputStream(open(file, options))) {
                stream.write('c');
            }
            requireEqual(Files.readString(file), "0123456789abc");
        }
    }

    private static void pipeChannel(OwnedFd reads, OwnedFd writes) throws Exception {
        try (OwnedFd kept = reads.duplicate();
                FileChannel channel = JdkFiles.toFileChannel(reads);
                OwnedFd again = JdkFiles.duplicateOf(channel)) {
            requireSame(kept, again);
            Waiting<Integer> read = Waiting.onPlatformThread(() -> channel.read(ByteBuffer.allocate(10)));
            writes.write(bytes("hello"));
            requireEqual(read.get(), 5);
        }
    }

    private static void pipeInVirtualThread(OwnedFd reads, OwnedFd writes) throws Exception {
        Waiting<Integer> read = Waiting.on(Thread.ofVirtual(), () -> {
            try (FileChannel channel = JdkFiles.toFileChannel(reads)) {
                return channel.read(ByteBuffer.allocate(10));
            }
        });
        writes.write(bytes("hello"));
        requireEqual(read.get(), 5);
    }

    @SuppressWarnings("try") // closing is what it is about
    private static void closeWakes(OwnedFd reads, OwnedFd unused) throws Exception {
        try (FileChannel channel = JdkFiles.toFileChannel(reads)) {
            Waiting<Integer> read = Waiting.onPlatformThread(() -> channel.read(ByteBuffer.allocate(10)));
            channel.close();
            require(read.failure() instanceof AsynchronousCloseException, "closing wakes a thread");
        }
    }

    private static void inputStream(Path file) throws Exception {
        try (OwnedFd fd = open(file, StandardOpenOption.READ);
                OwnedFd kept = fd.duplicate()) {
            kept.position(3);
            try (FileInputStream stream = JdkFiles.toFileInputStream(fd);
                    OwnedFd again = JdkFiles.duplicateOf(stream)) {
                requireSame(kept, again);
                requireEqual(stream.read(), (int) '3');
                requireEqual(kept.position(), 4L);
                requireEqual(stream.getChannel().position(), 4L);
                requireEqual(new String(stream.readAllBytes(), UTF_8), "456789");
            }
        }
    }

    private static void pipeInputStream(OwnedFd reads, OwnedFd writes) throws Exception {
        try (FileInputStream stream = JdkFiles.toFileInputStream(reads)) {
            Waiting<Integer> read = Waiting.onPlatformThread(() -> stream.read(new byte[10]));
            writes.write(bytes("hello"));
            requireEqual(read.get(), 5);
        }
    }

    private static void outputStream(Path file) throws Exception {
        try (OwnedFd fd = open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                OwnedFd kept = fd.duplicate()) {
            kept.position(3);
            try (FileOutputStream stream = JdkFiles.toFileOutputStream(fd);
                    OwnedFd again = JdkFiles.duplicateOf(stream)) {
                requireSame(kept, again);
                stream.write('x');
                requireEqual(kept.position(), 4L);
            }
        }
        requireEqual(Files.readString(file), "012x456789");
    }

    private static void pipeOutputStream(OwnedFd reads, OwnedFd writes) throws Exception {
        try (FileOutputStream stream = JdkFiles.toFileOutputStream(writes)) {
            stream.write('x');
            requireEqual(reads.read(ByteBuffer.allocate(10)), 1);
        }
        requireEqual(reads.read(ByteBuffer.allocate(10)), -1); // there was no other descriptor
    }

    private static void duplicateOfChannel(Path file) throws Exception {
        for (OpenOption option :
                new OpenOption[] {StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.APPEND}) {
            try (FileChannel channel = FileChannel.open(file, option);
                    OwnedFd duplicate = JdkFiles.duplicateOf(channel)) {
                require(duplicate.info().name().equals(file.toString()), "it is the file");
                if (option != StandardOpenOption.APPEND) {
                    channel.position(4);
                    requireEqual(duplicate.position(), 4L);
                    duplicate.position(5);
                    requireEqual(channel.position(), 5L);
                }
            }
        }
    }

    private static void toldApart(Path file) throws Exception {
        try (FileChannel reads = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel writes = FileChannel.open(file, StandardOpenOption.WRITE);
                FileChannel other = FileChannel.open(file, StandardOpenOption.READ)) {
            for (FileChannel each : List.of(reads, writes, other)) {
                each.position(2);
            }
            try (OwnedFd ofReads = JdkFiles.duplicateOf(reads);
                    OwnedFd ofWrites = JdkFiles.duplicateOf(writes);
                    OwnedFd ofOther = JdkFiles.duplicateOf(other)) {
                reads.position(7);
                writes.position(8);
                other.position(9);
                requireEqual(ofReads.position(), 7L);
                requireEqual(ofWrites.position(), 8L);
                requireEqual(ofOther.position(), 9L);
            }
        }
    }

    private static void duplicateOfStreams(Path file) throws Exception {
        try (FileInputStream stream = new FileInputStream(file.toFile());
                OwnedFd duplicate = JdkFiles.duplicateOf(stream)) {
            stream.skip(3);
            requireEqual(duplicate.position(), 3L);
        }
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw");
                OwnedFd duplicate = JdkFiles.duplicateOf(random)) {
            random.seek(4);
            requireEqual(duplicate.position(), 4L);
        }
        try (FileOutputStream stream = new FileOutputStream(file.toFile());
                OwnedFd duplicate = JdkFiles.duplicateOf(stream)) {
            stream.write('x');
            requireEqual(duplicate.position(), 1L);
        }
    }

    private static void duplicateOfPipe(OwnedFd reads, OwnedFd writes) throws Exception {
        // Of a stream that the JDK opened itself.
        try (FileInputStream stream = new FileInputStream("/proc/self/fd/" + reads.number());
                OwnedFd ofStream = JdkFiles.duplicateOf(stream)) {
            require(!Kernel.isSameOpenFile(reads.number(), ofStream.number()), "it was opened anew");
            writes.write(bytes("hello"));
            requireEqual(ofStream.read(ByteBuffer.allocate(10)), 5);
        }
    }
}
