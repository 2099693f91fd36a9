package dev.fdpass;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.testing.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpensAsFileChannelDoesTest {
    private static final OpenOption[] OPTIONS = {
        READ,
        WRITE,
        APPEND,
        StandardOpenOption.TRUNCATE_EXISTING,
        CREATE,
        CREATE_NEW,
        DELETE_ON_CLOSE,
        StandardOpenOption.SYNC,
        LinkOption.NOFOLLOW_LINKS
    };

    @TempDir
    private Path directory;

    private enum Target {
        ABSENT,
        FILE,
        LINK,
        DANGLING_LINK,
        DIRECTORY,
        IN_NO_DIRECTORY,
        BELOW_A_FILE
    }

    private interface Opener {
        SeekableByteChannel open(Path path, OpenOption... options) throws IOException;
    }

    @BeforeEach
    void makeFixedTargets() throws IOException {
        Files.createDirectory(directory.resolve("directory"));
        Files.writeString(directory.resolve("plain"), "plain");
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void withEveryCombinationOfOptions(Target target) throws IOException {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (int bits = 0; bits < 1 << OPTIONS.length; bits++) {
            OpenOption[] options = chosen(bits);
            if (isAllowedHereOnly(options) || followsLinksThereOnly(options)) {
                continue;
            }
            String theirs = outcome(FileChannel::open, target, options);
            String ours = outcome(OwnedFd::open, target, options);
            compared++;
            if (!ours.equals(theirs)) {
                differences.add(Arrays.toString(options) + ": " + ours + ", and FileChannel: " + theirs);
            }
        }
        assertThat(differences).as("options that differ").isEmpty();
        assertThat(compared).isEqualTo(512 - 128 - 48);
    }

    /** Linux can do both, and a log that is read and appended to is nothing strange. */
    private static boolean isAllowedHereOnly(OpenOption... options) {
        return Arrays.asList(options).containsAll(List.of(READ, APPEND));
    }

    /** FileChannel ignores CREATE_NEW without WRITE, but forgets not to follow links then; that is no model. */
    private static boolean followsLinksThereOnly(OpenOption... options) {
        List<OpenOption> given = Arrays.asList(options);
        return given.contains(CREATE_NEW)
                && !given.contains(WRITE)
                && !given.contains(APPEND)
                && (given.contains(DELETE_ON_CLOSE) || given.contains(LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void noLinkIsFollowedWhereNoneShouldBe() throws IOException {
        Path link = make(Target.LINK);

        assertThatThrownBy(() -> OwnedFd.open(link, READ, CREATE_NEW, LinkOption.NOFOLLOW_LINKS))
                .isInstanceOf(FileSystemLoopException.class);
        assertThatThrownBy(() -> OwnedFd.open(link, READ, CREATE_NEW, DELETE_ON_CLOSE))
                .isInstanceOf(FileSystemLoopException.class);
        assertThat(link).exists();
    }

    @Test
    void readAndAppendGoTogetherHere() throws IOException {
        Path path = Files.writeString(directory.resolve("log"), "one");

        try (OwnedFd fd = OwnedFd.open(path, READ, APPEND)) {
            fd.write(Text.buffer(" two"));
            ByteBuffer content = ByteBuffer.allocate(20);
            fd.position(0).read(content);

            assertThat(Text.before(content)).isEqualTo("one two");
            assertThat(fd.info().access()).isEqualTo(FdInfo.Access.READ_WRITE);
        }
    }

    /** What came of opening, reading 2 bytes and writing 2 bytes, and what is there afterwards. */
    private String outcome(Opener opener, Target target, OpenOption... options) throws IOException {
        Path path = make(target);
        String happened;
        try (SeekableByteChannel channel = opener.open(path, options)) {
            boolean named = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
            happened = "opened" + (named ? "" : ", has no name") + ", size " + sizeUnlessDirectory(target, channel)
                    + ", read " + attempt(() -> channel.read(ByteBuffer.allocate(2)))
                    + ", write " + attempt(() -> channel.write(Text.buffer("zz")))
                    + ", position " + (target == Target.DIRECTORY ? "any" : channel.position());
        } catch (IOException | RuntimeException e) {
            happened = kind(e);
        }
        return happened + ", left " + left(path) + ", link leads to " + left(directory.resolve("file"));
    }

    private static Object sizeUnlessDirectory(Target target, SeekableByteChannel channel) throws IOException {
        return target == Target.DIRECTORY ? "any" : channel.size();
    }

    private Path make(Target target) throws IOException {
        Path path = directory.resolve("target");
        Path file = directory.resolve("file");
        Files.deleteIfExists(path);
        Files.deleteIfExists(file);
        return switch (target) {
            case ABSENT -> path;
            case FILE -> Files.writeString(path, "content");
            case LINK -> Files.createSymbolicLink(path, Files.writeString(file, "linked"));
            case DANGLING_LINK -> Files.createSymbolicLink(path, file);
            case DIRECTORY -> directory.resolve("directory");
            case IN_NO_DIRECTORY -> directory.resolve("nowhere/target");
            case BELOW_A_FILE -> directory.resolve("plain/target");
        };
    }

    private interface Attempt {
        Object run() throws IOException;
    }

    private static String attempt(Attempt attempt) {
        try {
            return attempt.run().toString();
        } catch (IOException | RuntimeException e) {
            return kind(e);
        }
    }

    /**
     * The class, but for the errors that the JDK has no class for: there its message is the text of the error, and ours
     * may be a class that says more.
     */
    private static String kind(Exception e) {
        boolean hasOwnClass = e instanceof FileSystemException
                && e.getClass() != FileSystemException.class
                && !(e instanceof FileSystemLoopException)
                && !(e instanceof NotDirectoryException);
        if (e instanceof IOException && !hasOwnClass) {
            return "IOException";
        }
        return e.getClass().getSimpleName();
    }

    private static String left(Path path) throws IOException {
        return Files.isRegularFile(path) ? Files.readString(path) : Files.exists(path) ? "something" : "nothing";
    }

    private static OpenOption[] chosen(int bits) {
        List<OpenOption> chosen = new ArrayList<>();
        for (int i = 0; i < OPTIONS.length; i++) {
            if ((bits & 1 << i) != 0) {
                chosen.add(OPTIONS[i]);
            }
        }
        return chosen.toArray(OpenOption[]::new);
    }

    @Test
    void noOptionMeansRead() throws IOException {
        try (OwnedFd fd = OwnedFd.open(directory.resolve("plain"))) {
            assertThat(fd.info().access()).isEqualTo(FdInfo.Access.READ);
        }
    }

    @Test
    void theEmptyPathIsTheWorkingDirectory() throws IOException {
        try (OwnedFd fd = OwnedFd.open(Path.of(""))) {
            assertThat(fd.info().kind()).isEqualTo(FdInfo.Kind.DIRECTORY);
            assertThat(fd.info().name()).isEqualTo(Path.of("").toRealPath().toString());
        }
    }

    @Test
    void anErrorNamesThePath() {
        Path path = directory.resolve("absent");

        assertThatThrownBy(() -> OwnedFd.open(path))
                .hasMessageContaining(path.toString())
                .hasCauseInstanceOf(ErrnoException.class)
                .cause()
                .hasMessageContaining("ENOENT")
                .hasMessageContaining("open");
    }

    @Test
    void whatMayNotBeOpenedIsDenied() {
        // A file that not even root may write.
        assertThatThrownBy(() -> OwnedFd.open(Path.of("/sys/kernel/notes"), WRITE))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("/sys/kernel/notes");
    }

    @Test
    void anOptionThatNobodyKnowsIsRefused() {
        OpenOption unknown = new OpenOption() {
            @Override
            public String toString() {
                return "UNKNOWN";
            }
        };

        assertThatThrownBy(() -> OwnedFd.open(directory.resolve("plain"), unknown))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("UNKNOWN");
    }

    @Test
    void aPathOfAnotherFileSystemIsRefused() throws IOException {
        Path jar = directory.resolve("some.zip");
        try (var files = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            Path inside = files.getPath("/inside");

            assertThatThrownBy(() -> OwnedFd.open(inside))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("/inside");
        }
    }

    @Test
    void aPathThatIsTooLongIsRefusedWithItsLimit() {
        Path path = Path.of("/" + "x/".repeat(2047) + "xy");

        assertThatThrownBy(() -> OwnedFd.open(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4097")
                .hasMessageContaining("4095");
    }
}
