package dev.fdpass.faults;

import static dev.fdpass.testing.Text.buffer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.EventFd;
import dev.fdpass.OwnedFd;
import dev.fdpass.testing.LibcCalls;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Supplier;

/** What can be waited for: pipes, terminals, eventfds. */
final class DeviceScenarios {
    private DeviceScenarios() {}

    static void addTo(Map<String, Scenario> all) {
        all.put("read a pipe", DeviceScenarios::readPipe);
        all.put("write a pipe", DeviceScenarios::writePipe);
        all.put("write a pipe for the first time", DeviceScenarios::writePipeFirst);
        all.put("write a terminal", DeviceScenarios::writeTerminal);
        all.put("read a terminal", DeviceScenarios::readTerminal);
        all.put("create an eventfd", stage -> stage.operation(EventFd::create));
        all.put("adopt an eventfd", DeviceScenarios::adoptEventFd);
        all.put("read an eventfd", DeviceScenarios::readEventFd);
        all.put("tryRead an eventfd", DeviceScenarios::tryReadEventFd);
        all.put("write an eventfd", DeviceScenarios::writeEventFd);
        all.put("tryWrite an eventfd", DeviceScenarios::tryWriteEventFd);
        all.put("add much to an eventfd", DeviceScenarios::addMuch);
    }

    private record Pipe(OwnedFd output, OwnedFd input) implements AutoCloseable {
        static Pipe open() {
            int[] ends = LibcCalls.pipe();
            return new Pipe(OwnedFd.adopt(ends[0]), OwnedFd.adopt(ends[1]));
        }

        static Pipe terminal() {
            int[] ends = LibcCalls.terminal();
            return new Pipe(OwnedFd.adopt(ends[0]), OwnedFd.adopt(ends[1]));
        }

        int read() throws java.io.IOException {
            return output.read(ByteBuffer.allocate(16));
        }

        @Override
        public void close() throws java.io.IOException {
            output.close();
            input.close();
        }
    }

    private static void readPipe(Stage stage) throws Exception {
        Pipe pipe = stage.keep(Pipe.open());
        stage.before(() -> pipe.input.write(buffer("ab")));
        stage.operation(pipe::read);
        stage.after(failed -> {
            assertThat(failed ? pipe.read() : 2).isEqualTo(2);
            return "";
        });
    }

    private static void writePipe(Stage stage) throws Exception {
        Pipe pipe = stage.keep(Pipe.open());
        pipe.input.write(buffer("known"));
        pipe.read();
        stage.operation(() -> pipe.input.write(buffer("ab")));
        stage.after(failed -> {
            pipe.input.write(buffer("c"));
            return (failed ? "" : "all of ") + pipe.read();
        });
    }

    private static void writePipeFirst(Stage stage) {
        Supplier<Pipe> pipe = stage.fresh(Pipe::open);
        stage.operation(() -> pipe.get().input.write(buffer("ab")));
        stage.after(failed -> {
            pipe.get().input.write(buffer("c"));
            return (failed ? "" : "all of ") + pipe.get().read();
        });
    }

    /** Cannot be tried, and promises room for one byte only. */
    private static void writeTerminal(Stage stage) {
        Supplier<Pipe> terminal = stage.fresh(Pipe::terminal);
        ByteBuffer bytes = buffer("ab");
        stage.before(bytes::clear);
        stage.operation(() -> terminal.get().input.write(bytes));
        stage.after(failed -> {
            if (failed) {
                terminal.get().input.write(bytes);
            }
            int arrived = 0;
            while (arrived < 2) { // by and by
                arrived += terminal.get().read();
            }
            return arrived + " arrived";
        });
    }

    private static void readTerminal(Stage stage) throws Exception {
        Pipe terminal = stage.keep(Pipe.terminal());
        stage.before(() -> terminal.output.write(buffer("a\n")));
        stage.operation(() -> terminal.input.read(ByteBuffer.allocate(8)));
        stage.after(failed -> {
            assertThat(failed ? terminal.input.read(ByteBuffer.allocate(8)) : 2).isEqualTo(2);
            return "";
        });
    }

    private static void adoptEventFd(Stage stage) throws Exception {
        EventFd event = stage.keep(EventFd.create());
        stage.operation(() -> EventFd.adopt(event.asFd()).isOpen());
        stage.after(failed -> {
            assertThat(event.isOpen()).isTrue();
            return "";
        });
    }

    private static void readEventFd(Stage stage) throws Exception {
        EventFd event = stage.keep(EventFd.create());
        stage.before(() -> event.write(3));
        stage.operation(event::read);
        stage.after(failed -> {
            assertThat(failed ? event.read() : 3).isEqualTo(3);
            return "";
        });
    }

    private static void tryReadEventFd(Stage stage) throws Exception {
        EventFd event = stage.keep(EventFd.create());
        stage.before(() -> event.write(3));
        stage.operation(() -> {
            var value = event.tryRead();
            return value.isPresent() ? value.getAsLong() : "nothing yet";
        });
        stage.after(failed -> {
            assertThat(event.tryRead().orElse(3)).isEqualTo(3);
            return "";
        });
    }

    private static void writeEventFd(Stage stage) throws Exception {
        EventFd event = stage.keep(EventFd.create());
        stage.operation(() -> {
            event.write(1);
            return null;
        });
        stage.after(failed -> {
            event.write(4);
            return "counts " + event.read();
        });
    }

    private static void tryWriteEventFd(Stage stage) throws Exception {
        EventFd event = stage.keep(EventFd.create());
        stage.operation(() -> event.tryWrite(1));
        stage.after(failed -> {
            event.write(4);
            return "counts " + event.read();
        });
    }

    /** Whether a value of more than 1 fits must be asked first, or the write could wait in the kernel. */
    private static void addMuch(Stage stage) throws Exception {
        EventFd event = stage.keep(EventFd.create());
        stage.before(() -> event.write(3));
        stage.operation(() -> {
            event.write(4);
            return null;
        });
        stage.after(failed -> "counts " + event.read());
    }
}
