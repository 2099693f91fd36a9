package dev.fdpass.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fdpass.testing.UsersModule;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's module opens its records to this one, and needs to know of no other; one that does not is told. */
class ModulesTest {
    private static final String MAIN = """
            package messages;
            import dev.fdpass.*;
            import dev.fdpass.jsonrpc.*;
            import java.util.*;
            public class Main {
                record Inner(int number) {}
                record Params(Inner inner) {}
                public static void main(String[] arguments) throws Exception {
                    try {
                        Methods methods = Methods.none()
                                .on("echo", Params.class, (params, call) -> List.of(params.inner()));
                        System.out.print(askedOf(methods));
                    } catch (IllegalArgumentException e) {
                        System.out.print(e.getMessage() + "; ");
                        System.out.print(askedOf(Methods.none().on("echo", call -> call.params())));
                    }
                }

                static Object askedOf(Methods methods) throws Exception {
                    var pair = UnixStream.pair();
                    try (var server = JsonRpcConnection.over(pair.second(), methods);
                            var client = JsonRpcConnection.over(pair.first());
                            var reply = client.request("echo", Map.of("inner", new Inner(3)))) {
                        return reply.result();
                    } catch (IllegalArgumentException e) {
                        return e.getMessage().lines().findFirst().get();
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    private String outputWith(String directive) throws Exception {
        return UsersModule.output(directory, "dev.fdpass.jsonrpc", directive, MAIN);
    }

    @Test
    void openToThisModuleIsEnough() throws Exception {
        assertThat(outputWith("opens messages to dev.fdpass.jsonrpc;")).isEqualTo("[{\"number\":3}]");
    }

    @Test
    void openToJacksonAloneIsAlsoEnough() throws Exception {
        assertThat(outputWith("opens messages to com.fasterxml.jackson.databind;"))
                .isEqualTo("[{\"number\":3}]");
    }

    @Test
    void oneThatIsNotOpenIsToldWhatToAdd() throws Exception {
        String told = " may not be read; add \"opens messages to dev.fdpass.jsonrpc;\" to the module user";
        assertThat(outputWith("exports messages;"))
                .startsWith("messages.Main$Params" + told + "; messages.Main$Inner" + told);
    }
}
