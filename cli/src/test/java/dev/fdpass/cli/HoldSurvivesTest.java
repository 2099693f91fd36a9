package dev.fdpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.waiting.Waiting;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong does not end what holds, for then all would be lost. */
@SuppressWarnings("try") // the one that holds is there to be asked by others
class HoldSurvivesTest {
    @TempDir
    private Path directory;

    @Test
    void noNumberBeingFreeIsWaitedFor() throws Exception {
        String address = Bound.fresh();
        try (Program hold = holdOfJars(address)) {
            Bound.await(address);
            Program.succeeds(Program.fdpassInShell() + " hold put " + address + " a /dev/zero");
            leaveNoNumberFree(hold, address);
            try (Program get =
                    Program.fdpass("hold", "get", address, "a", "--timeout=60s", "--", "readlink", "/proc/self/fd/3")) {
                Waiting.until(() -> hold.errors().contains("no connection can be accepted for now"));
                limit(hold, 1000);
                assertThat(get.status()).as(get.errors()).isZero();
                assertThat(get.output()).isEqualTo("/dev/zero\n");
            }
            assertThat(hold.errors()).as("is said once").hasLineCount(1);
        }
    }

    /** With classes in files of their own, so that one that is needed for the first time cannot be loaded: an Error. */
    @Test
    void noNumberForAClassBeingFreeIsWaitedFor() throws Exception {
        String address = Bound.fresh();
        try (Program hold = Program.fdpass("hold", "run", address)) {
            Bound.await(address);
            Program.succeeds(Program.fdpassInShell() + " hold put " + address + " a /dev/zero");
            leaveNoNumberFree(hold, address);
            try (Program get =
                    Program.fdpass("hold", "get", address, "a", "--timeout=60s", "--", "readlink", "/proc/self/fd/3")) {
                Program.succeeds("sleep 3"); // it is not known when it has asked
                limit(hold, 1000);
                assertThat(get.status()).as(get.errors() + hold.errors()).isZero();
                assertThat(get.output()).isEqualTo("/dev/zero\n");
            }
        }
    }

    @Test
    void aServiceThatCannotBeStartedForWantOfNumbersIsTriedAgain() throws Exception {
        String address = Bound.fresh();
        Path go = Files.createFile(directory.resolve("go"));
        try (Program hold = holdOfJars(
                address,
                "--restart=on-failure",
                "--",
                "sh",
                "-c",
                "echo \"${LISTEN_FDS-none}\"; while [ -e '" + go + "' ]; do sleep 0.05; done; [ \"$LISTEN_FDS\" ]")) {
            Waiting.until(() -> hold.output().equals("none\n"));
            Program.succeeds(Program.fdpassInShell() + " hold put " + address + " a /dev/zero");
            leaveNoNumberFree(hold, address);
            Files.delete(go);
            Waiting.until(() -> hold.errors().contains("cannot be started"));
            limit(hold, 1000);
            assertThat(hold.status()).as(hold.errors()).isZero();
            assertThat(hold.output()).isEqualTo("none\n1\n");
        }
    }

    @Test
    void aServiceWhoseFileIsGoneForAMomentIsTriedAgain() throws Exception {
        String address = Bound.fresh();
        Path script = directory.resolve("service");
        Path go = Files.createFile(directory.resolve("go"));
        write(script, "echo one; while [ -e '" + go + "' ]; do sleep 0.05; done; exit 1");
        try (Program hold = Program.fdpass("hold", "run", address, "--restart=on-failure", "--", script.toString())) {
            Waiting.until(() -> hold.output().equals("one\n"));
            Program.succeeds(Program.fdpassInShell() + " hold put " + address + " a /dev/zero");
            Files.delete(script);
            Files.delete(go);
            Waiting.until(() -> hold.errors().contains(script + " cannot be started"));
            write(script, "echo $LISTEN_FDNAMES");
            assertThat(hold.status()).as(hold.errors()).isZero();
            assertThat(hold.output()).isEqualTo("one\na\n");
        }
    }

    @Test
    void aServiceThatCannotBeStartedAtAllIsSaid() throws Exception {
        try (Program hold = Program.fdpass("hold", "run", Bound.fresh(), "--", "/no/such/program")) {
            assertThat(hold.status()).isEqualTo(4);
            assertThat(hold.errors()).contains("/no/such/program").hasLineCount(1);
        }
    }

    @Test
    void theFileOfOneThatWasKilledDoesNotStandInTheWay() throws Exception {
        Path address = directory.resolve("socket");
        try (Program hold = Program.fdpass("hold", "run", address.toString())) {
            Bound.await(address.toString());
            Program.succeeds(Program.fdpassInShell() + " hold list " + address);
            Program.succeeds("kill -KILL " + hold.pid());
            hold.status();
        }
        assertThat(address).exists();
        try (Program again = Program.fdpass("hold", "run", address.toString());
                Program put = Program.fdpass("hold", "put", address.toString(), "a", "/dev/null", "--timeout=60s")) {
            assertThat(put.status()).as(put.errors() + again.errors()).isZero();
        }
    }

    @Test
    void theAddressOfOneThatLivesIsNotTaken() throws Exception {
        Path address = directory.resolve("socket");
        try (Program hold = Program.fdpass("hold", "run", address.toString())) {
            Bound.await(address.toString());
            try (Program second = Program.fdpass("hold", "run", address.toString())) {
                assertThat(second.status()).isEqualTo(4);
                assertThat(second.errors()).contains("EADDRINUSE");
            }
            Program.succeeds("kill -TERM " + hold.pid());
            hold.status();
        }
    }

    private Program holdOfJars(String... arguments) {
        List<String> command = Program.fdpassCommandOfJars(directory);
        command.addAll(List.of("hold", "run"));
        command.addAll(List.of(arguments));
        return Program.start(command);
    }

    private static void write(Path script, String text) throws Exception {
        Path other = script.resolveSibling("other");
        Files.writeString(other, "#!/bin/sh\n" + text + "\n");
        Program.succeeds("chmod +x '" + other + "' && mv '" + other + "' '" + script + "'");
    }

    /** The next descriptor would have a number that is at the limit, once the connections of before are closed. */
    private static void leaveNoNumberFree(Program program, String address) throws Exception {
        Bound.awaitNoConnection(address);
        int free = 0;
        while (Files.exists(Path.of("/proc/" + program.pid() + "/fd/" + free), LinkOption.NOFOLLOW_LINKS)) {
            free++;
        }
        limit(program, free);
    }

    private static void limit(Program program, int numbers) throws Exception {
        Program.succeeds("prlimit --pid " + program.pid() + " --nofile=" + numbers + ":");
    }
}
