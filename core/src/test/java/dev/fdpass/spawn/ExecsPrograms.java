package dev.fdpass.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fdpass.ErrnoException;
import dev.fdpass.OwnedFd;
import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.testing.LibcCalls;
import dev.fdpass.testing.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Becomes another program, at once or after attempts that fail. */
final class ExecsPrograms {
    /** In Python: its number, its variables and directory, and where its descriptors are open, a line each. */
    private static final String SHOW = """
            import os
            print(os.getpid(), os.environ.get('NUMBER'), os.environ.get('A'), os.environ.get('FDPASS_GONE'), os.getcwd())
            with open('/proc/self/status') as status:
                print(*(line.split()[1] for line in status if line.startswith(('SigBlk', 'SigIgn', 'Threads'))))
            for name in sorted(os.listdir('/proc/self/fd'), key=int):
                try: print(name, os.readlink('/proc/self/fd/' + name))
                except OSError: pass
            """;

    private ExecsPrograms() {}

    public static void main(String... arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        OwnedFd a = OwnedFd.open(Files.createFile(directory.resolve("a")));
        OwnedFd b = OwnedFd.open(Files.createFile(directory.resolve("b")));
        LibcCalls.pipe(); // which is not close-on-exec, and stays here
        Map<Integer, OwnedFd> fds = new TreeMap<>(Map.of(3, a, 4, b, 5, a, 40, a));
        fds.put(a.number(), b); // crosswise with what is there here
        fds.put(b.number(), a);
        Spawn show = Spawn.of("python3", "-S", "-c", SHOW)
                .inheritIo()
                .variable("A", "1")
                .withoutVariable("FDPASS_GONE")
                .directory(directory)
                .processNumberIn("NUMBER");
        for (Map.Entry<Integer, OwnedFd> one : fds.entrySet()) {
            show = show.fd(one.getKey(), one.getValue());
            System.out.println(one.getKey() + " " + directory.resolve(one.getValue() == a ? "a" : "b"));
        }
        System.out.println();
        System.out.println(ignored());
        if (arguments[0].equals("fail first")) {
            fails(directory, a, b);
        }
        System.out.flush();
        show.exec();
    }

    private static String ignored() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(text -> text.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return line.substring(line.indexOf('\t') + 1);
    }

    private static Map<Integer, String> open() throws IOException {
        Map<Integer, String> all = new TreeMap<>();
        for (Map.Entry<Integer, String> one :
                DescriptorLeakCheck.openDescriptors().entrySet()) {
            all.put(one.getKey(), one.getValue() + " " + Integer.toOctalString(OpenFiles.flags(one.getKey())));
        }
        return all;
    }

    private static void fails(Path directory, OwnedFd a, OwnedFd b) throws Exception {
        Path noProgram = Files.writeString(directory.resolve("text"), "\u0000\u0001nothing that can be executed");
        assertThat(noProgram.toFile().setExecutable(true)).isTrue();
        String here = Path.of("/proc/self/cwd").toRealPath().toString();
        Map<Integer, String> before = open();
        Spawn attempt = Spawn.of("no-such-program")
                .fd(3, b)
                .fd(4, a)
                .fd(5, b)
                .fd(6, a)
                .fd(7, b)
                .fd(8, b)
                .directory(directory);
        assertThatThrownBy(attempt::exec).isInstanceOf(NoSuchFileException.class);
        assertThat(open()).isEqualTo(before);
        assertThatThrownBy(Spawn.of("./text").directory(directory).fd(5, a)::exec)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.name()).isEqualTo("ENOEXEC"));
        assertThat(open()).isEqualTo(before);
        assertThat(Path.of("/proc/self/cwd").toRealPath()).hasToString(here);
        // What the JVM has at 3, 4, … still works: a class from an archive, a file, another program.
        assertThat(java.util.zip.Adler32.class.getName()).isNotEmpty();
        assertThat(Files.readString(noProgram)).contains("nothing");
        assertThat(new ProcessBuilder("true").start().waitFor()).isZero();
        assertThat(Spawn.of("true").start().waitFor()).isZero();
        assertThat(a.size()).isZero();
    }
}
