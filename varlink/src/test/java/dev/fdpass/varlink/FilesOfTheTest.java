package dev.fdpass.varlink;

import dev.fdpass.OwnedFd;
import dev.fdpass.testing.TestFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** Answers the calls of the tests. */
final class FilesOfTheTest implements Files {
    /** Set when a watcher heard that nobody watches any more. */
    final CountDownLatch unwatched = new CountDownLatch(1);

    final CountDownLatch watched = new CountDownLatch(1);

    @Override
    public Opened open(String path, Optional<Long> offset) throws IOException {
        OwnedFd file;
        try {
            file = OwnedFd.open(Path.of(path));
        } catch (NoSuchFileException e) {
            throw new VarlinkException("org.example.files.NotFound", Map.of("path", path));
        }
        return new Opened(offset.isPresent() ? position(file, offset.get()) : file, file.size());
    }

    private static OwnedFd position(OwnedFd file, long offset) throws IOException {
        file.position(offset);
        return file;
    }

    @Override
    public Everything echo(Everything value) {
        return value;
    }

    @Override
    public void append(OwnedFd file, String text) throws IOException {
        try (file) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), file.size());
        }
    }

    @Override
    public Replies<Line> lines(OwnedFd file) throws IOException {
        try (file) {
            Iterator<String> lines = TestFiles.text(file).lines().toList().iterator();
            int[] number = {0};
            return Replies.from(
                    () -> lines.hasNext() ? Optional.of(new Line(++number[0], lines.next())) : Optional.empty());
        }
    }

    @Override
    public Replies<Opened> make(int count, boolean failAtTheEnd) {
        Iterator<Integer> numbers = IntStream.range(0, count).boxed().iterator();
        return Replies.from(() -> {
            if (numbers.hasNext()) {
                OwnedFd file = TestFiles.holding("file " + numbers.next());
                return Optional.of(new Opened(file, file.size()));
            }
            if (failAtTheEnd) {
                throw new VarlinkException("org.example.files.NotFound");
            }
            return Optional.empty();
        });
    }

    @Override
    public Replies<Line> watch() {
        int[] number = {0};
        return Replies.events(() -> {
            if (number[0]++ == 0) {
                return Optional.of(new Line(0, "first"));
            }
            watched.countDown();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                unwatched.countDown();
                throw e;
            }
            return Optional.empty();
        });
    }

    @Override
    public void fail(String how) throws IOException {
        switch (how) {
            case "error" -> throw new VarlinkException("org.example.files.Failed", Map.of("how", how));
            case "denied" -> throw new VarlinkException(VarlinkException.PERMISSION_DENIED);
            case "system" -> throw new IOException("the disk is on fire");
            default -> throw new IllegalStateException(how);
        }
    }

    @Override
    public Talk talk(String greeting) throws IOException {
        VarlinkCall call = VarlinkCall.current();
        long user = call.peer().credentials().uid();
        if (call.wantsUpgrade()) {
            try (Upgraded connection = call.upgrade(new Talk(user))) {
                connection.socket().write(ByteBuffer.wrap(greeting.getBytes(StandardCharsets.UTF_8)));
                ByteBuffer answer = ByteBuffer.allocate(1000);
                answer.put(connection.unread());
                while (answer.hasRemaining() && connection.socket().read(answer) >= 0) {
                    // until its end, or more than anybody says
                }
                connection.socket().write(answer.flip());
            }
        }
        return new Talk(user);
    }
}
