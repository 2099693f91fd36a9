package dev.fdpass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.leakcheck.DescriptorLeakCheck;
import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.ForgetsDescriptors;
import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.ReusedNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgottenDescriptorTest {
    private static final String NATIVE_ACCESS = "--enable-native-access=dev.fdpass";

    @TempDir
    private Path directory;

    @Test
    void isClosedAndTheLogSaysWhereItCameFrom() throws Exception {
        Path path = Files.createFile(directory.resolve("forgotten"));

        ChildProcess.Result result =
                JavaProgram.runInModule(ForgetsDescriptors.class, List.of(NATIVE_ACCESS), path.toString());

        result.outputOfSuccess();
        assertThat(result.errors())
                .contains("WARNING", "descriptor ", "opened " + path, "never closed", "-Ddev.fdpass.trace=true")
                .doesNotContain("\tat ");
    }

    @Test
    void theTraceSaysWhichLine() throws Exception {
        Path path = Files.createFile(directory.resolve("forgotten"));

        ChildProcess.Result result = JavaProgram.runInModule(
                ForgetsDescriptors.class, List.of(NATIVE_ACCESS, "-Ddev.fdpass.trace=true"), path.toString());

        result.outputOfSuccess();
        assertThat(result.errors())
                .contains("acquired here", "ForgetsDescriptors.main(ForgetsDescriptors.java:")
                .doesNotContain("-Ddev.fdpass.trace=true");
    }

    @Test
    void manyAreAllClosed() throws Exception {
        Path path = Files.createFile(directory.resolve("forgotten"));
        int before = DescriptorLeakCheck.openDescriptors().size();
        forget(path, 5);

        for (int i = 0; i < 1000 && openOf(path) > 0; i++) {
            System.gc();
            Thread.sleep(10);
        }

        assertThat(openOf(path)).isZero();
        assertThat(DescriptorLeakCheck.openDescriptors()).hasSizeLessThanOrEqualTo(before);
    }

    /** In a frame of its own, so that nothing of it is left on the stack. */
    private static void forget(Path path, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            assertThat(OwnedFd.open(path).isOpen()).isTrue();
        }
    }

    private static long openOf(Path path) {
        return DescriptorLeakCheck.openDescriptors().values().stream()
                .filter(path.toString()::equals)
                .count();
    }

    @Test
    void oneThatIsInUseIsNotForgotten() throws Exception {
        Path path = Files.writeString(directory.resolve("in use"), "content");

        long size = OwnedFd.open(path).use(number -> {
            // Nothing but the call itself refers to the owner here.
            for (int i = 0; i < 5; i++) {
                System.gc();
                Thread.sleep(20);
            }
            return Files.size(Path.of("/proc/self/fd/" + number));
        });

        assertThat(size).isEqualTo(7);
        for (int i = 0; i < 1000 && openOf(path) > 0; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(openOf(path)).as("forgotten afterwards").isZero();
    }

    @Test
    void oneThatWasClosedIsNotClosedAgain() throws Exception {
        Path path = Files.createFile(directory.resolve("closed"));
        int number = openAndClose(path);
        try (OwnedFd reusesTheNumber = ReusedNumber.of(number, () -> OwnedFd.open(path))) {
            for (int i = 0; i < 10; i++) {
                System.gc();
                Thread.sleep(10);
            }
            assertThat(reusesTheNumber.info().name())
                    .isEqualTo(path.toRealPath().toString());
        }
    }

    private static int openAndClose(Path path) throws IOException {
        OwnedFd fd = OwnedFd.open(path);
        fd.close();
        return fd.number();
    }

    @Test
    void aDetachedOneIsLeftAlone() throws Exception {
        Path path = Files.createFile(directory.resolve("detached"));
        int number = OwnedFd.open(path).detach();
        for (int i = 0; i < 10; i++) {
            System.gc();
            Thread.sleep(10);
        }
        try (OwnedFd adopted = OwnedFd.adopt(number)) {
            assertThat(adopted.info().name()).isEqualTo(path.toRealPath().toString());
        }
    }
}
