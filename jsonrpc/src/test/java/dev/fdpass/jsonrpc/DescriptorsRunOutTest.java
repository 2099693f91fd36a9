package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.ChildProcess;
import dev.fdpass.testing.JavaProgram;
import dev.fdpass.testing.LibcCalls;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that has no descriptor for another connection, in a process of its own. */
class DescriptorsRunOutTest {
    /** On the class path, so that a class that is needed for the first time is a file that cannot be opened. */
    @Test
    void theServerGoesOnOnceThereAreSomeAgain() throws Exception {
        String classPath = JavaProgram.modulePath() + ":"
                + JavaProgram.classPathOf(ServerWithoutDescriptors.class, LibcCalls.class)
                + ":" + System.getProperty("java.class.path");
        String command = "ulimit -S -n 150 && exec '" + JavaProgram.tool("java")
                + "' -XX:-MaxFDLimit -Ddev.fdpass.parkingIdleMillis=600000 --enable-native-access=ALL-UNNAMED -cp '"
                + classPath + "' "
                + ServerWithoutDescriptors.class.getName();
        ChildProcess.Result result = ChildProcess.run(List.of("bash", "-c", command));
        assertThat(result.outputOfSuccess()).as(result.errors()).isEqualTo("still there\nstill there\n");
    }
}
