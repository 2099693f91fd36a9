package dev.fdpass.faults;

import static dev.fdpass.testing.Text.buffer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.FdInfo;
import dev.fdpass.OwnedFd;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Files, and descriptors whatever they are. */
final class FileScenarios {
    static final String CONTENT = "0123456789";

    private static final Path PATH = Path.of("file");

    private FileScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put("open a file", FileScenarios::open);
        all.put("open a file that is deleted at once", FileScenarios::openDeleted);
        all.put("close a file", FileScenarios::close);
        all.put("read a file", FileScenarios::read);
        all.put("read a file for the first time", FileScenarios::readFirst);
        all.put("read a file at a position", FileScenarios::readAt);
        all.put("write a file", FileScenarios::write);
        all.put("write a file at a position", FileScenarios::writeAt);
        all.put("position", FileScenarios::position);
        all.put("set the position", FileScenarios::setPosition);
        all.put("truncate", FileScenarios::truncate);
        all.put("info", FileScenarios::info);
        all.put("info of a process", FileScenarios::infoOfProcess);
        all.put("info of memory", FileScenarios::infoOfMemory);
        all.put("duplicate", FileScenarios::duplicate);
        all.put("adopt a number", FileScenarios::adopt);
    }

    private static void open(Stage stage) throws Exception {
        Files.writeString(PATH, CONTENT);
        stage.operation(() -> OwnedFd.open(PATH));
    }

    private static void openDeleted(Stage stage) {
        Path path = Path.of("deleted");
        stage.operation(() -> OwnedFd.open(path, CREATE, WRITE, DELETE_ON_CLOSE));
        stage.after(failed -> Files.deleteIfExists(path) ? "its name remains" : "its name is gone");
    }

    private static void close(Stage stage) {
        Supplier<OwnedFd> fd = stage.fresh(() -> OwnedFd.open(Path.of("/dev/null")));
        stage.operation(() -> {
            fd.get().close();
            return null;
        });
        stage.after(failed -> {
            assertThat(fd.get().isOpen()).isFalse();
            fd.get().close(); // does nothing any more: the number may be somebody else's
            return "";
        });
    }

    private static OwnedFd file(Stage stage) throws Exception {
        Files.writeString(PATH, CONTENT);
        OwnedFd fd = stage.keep(OwnedFd.open(PATH, READ, WRITE));
        fd.read(ByteBuffer.allocate(1)); // now it knows what it is
        stage.before(() -> {
            Files.writeString(PATH, CONTENT);
            fd.position(0);
        });
        return fd;
    }

    private static void read(Stage stage) throws Exception {
        OwnedFd fd = file(stage);
        stage.operation(() -> fd.read(ByteBuffer.allocate(4)));
        stage.after(failed -> "at " + fd.position());
    }

    private static void readFirst(Stage stage) throws Exception {
        Files.writeString(PATH, CONTENT);
        Supplier<OwnedFd> fd = stage.fresh(() -> OwnedFd.open(PATH, READ));
        stage.operation(() -> fd.get().read(ByteBuffer.allocate(4)));
        stage.after(failed -> {
            assertThat(fd.get().position(0).position()).isZero();
            assertThat(fd.get().read(ByteBuffer.allocateDirect(4))).isEqualTo(4);
            return "";
        });
    }

    private static void readAt(Stage stage) throws Exception {
        OwnedFd fd = file(stage);
        stage.operation(() -> fd.read(ByteBuffer.allocate(4), 8));
        stage.after(failed -> "at " + fd.position());
    }

    private static void write(Stage stage) throws Exception {
        OwnedFd fd = file(stage);
        ByteBuffer bytes = buffer("abcd");
        stage.before(bytes::clear);
        stage.operation(() -> fd.write(bytes));
        stage.after(failed -> {
            assertThat(bytes.remaining()).isEqualTo(failed ? 4 : 0);
            return Files.readString(PATH, UTF_8);
        });
    }

    private static void writeAt(Stage stage) throws Exception {
        OwnedFd fd = file(stage);
        ByteBuffer bytes = ByteBuffer.allocateDirect(4).put(buffer("abcd"));
        stage.before(bytes::flip);
        stage.operation(() -> fd.write(bytes, 8));
        stage.after(failed -> {
            assertThat(bytes.remaining()).isEqualTo(failed ? 4 : 0);
            bytes.position(4);
            return Files.readString(PATH, UTF_8);
        });
    }

    private static void position(Stage stage) throws Exception {
        OwnedFd fd = file(stage);
        stage.operation(fd::position);
    }

    private static void setPosition(Stage stage) throws Exception {
        OwnedFd fd = file(stage);
        stage.operation(() -> {
            fd.position(5);
            return null;
        });
        stage.after(failed -> "at " + fd.position());
    }

    private static void truncate(Stage stage) throws Exception {
        OwnedFd fd = file(stage);
        stage.before(() -> fd.position(9));
        stage.operation(() -> {
            fd.truncate(5);
            return null;
        });
        stage.after(failed -> {
            assertThat(fd.truncate(5).position()).isEqualTo(5);
            return "";
        });
    }

    private static void info(Stage stage) throws Exception {
        OwnedFd fd = file(stage);
        stage.operation(() -> {
            FdInfo info = fd.info();
            return info.kind() + ", " + info.access() + ", " + (info.name().isEmpty() ? "no name" : "a name");
        });
    }

    private static void infoOfProcess(Stage stage) throws Exception {
        OwnedFd fd = file(stage);
        long self = ProcessHandle.current().pid();
        stage.operation(() -> {
            FdInfo info = FdInfo.ofProcess(self, fd.number());
            return info.kind() + ", " + info.access();
        });
    }

    private static void infoOfMemory(Stage stage) throws Exception {
        var memory = stage.keep(dev.fdpass.memory.SharedMemory.create("m", 10));
        stage.operation(() -> memory.asFd().info().kind());
    }

    private static void duplicate(Stage stage) throws Exception {
        OwnedFd fd = file(stage);
        stage.operation(fd::duplicate);
        stage.after(failed -> "at " + fd.position());
    }

    private static void adopt(Stage stage) {
        AtomicInteger number = new AtomicInteger();
        Supplier<OwnedFd> fd = stage.fresh(() -> OwnedFd.open(Path.of("/dev/null")));
        stage.before(() -> number.set(fd.get().detach()));
        stage.operation(() -> {
            assertThat(OwnedFd.adopt(number.get()).detach()).isEqualTo(number.get());
            return null;
        });
        stage.after(failed -> {
            OwnedFd.adopt(number.get()).close();
            return "";
        });
    }
}
