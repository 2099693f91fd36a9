package dev.fdpass.varlink;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The interface {@code org.varlink.service}, which every service has. */
final class Introspection implements VarlinkHandler {
    static final String NAME = "org.varlink.service";

    static final String TEXT = """
            # What every service has: it says what it is and which interfaces it has.
            interface org.varlink.service

            # What the service is, and which interfaces it has.
            method GetInfo() -> (
              vendor: string,
              product: string,
              version: string,
              url: string,
              interfaces: []string
            )

            # The description of an interface, in this language.
            method GetInterfaceDescription(interface: string) -> (description: string)

            error InterfaceNotFound (interface: string)

            error MethodNotFound (method: string)

            error MethodNotImplemented (method: string)

            error InvalidParameter (parameter: string)

            error PermissionDenied ()

            error ExpectedMore ()
            """;

    private final VarlinkService service;

    Introspection(VarlinkService service) {
        this.service = service;
    }

    @Override
    public void handle(VarlinkCall call) throws Exception {
        switch (call.methodName()) {
            case "GetInfo" -> {
                checkOnly(call, "");
                call.reply(service.info());
            }
            case "GetInterfaceDescription" -> {
                checkOnly(call, "interface");
                String name = call.parameters().path("interface").textValue();
                if (name == null) {
                    throw VarlinkException.invalidParameter("interface");
                }
                String text = service.description(name).orElseThrow(() -> VarlinkException.interfaceNotFound(name));
                call.reply(Map.of("description", text));
            }
            default -> throw VarlinkException.methodNotFound(call.method());
        }
    }

    private static void checkOnly(VarlinkCall call, String known) throws VarlinkException {
        for (Map.Entry<String, JsonNode> parameter : call.parameters().properties()) {
            if (!parameter.getKey().equals(known)) {
                throw VarlinkException.invalidParameter(parameter.getKey());
            }
        }
        call.checkAllFdsTaken();
    }
}
