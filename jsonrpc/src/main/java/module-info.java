/**
 * JSON-RPC 2.0 with open file descriptors over Unix-domain sockets: the jsonrpc-fdpass protocol of container tools.
 *
 * <p>Run with {@code --enable-native-access=dev.fdpass}. A module opens the packages of its records to this one
 * ({@code opens com.example.messages to dev.fdpass.jsonrpc}), which passes that on to Jackson.
 */
module dev.fdpass.jsonrpc {
    requires transitive com.fasterxml.jackson.databind;
    requires transitive dev.fdpass;
    requires dev.fdpass.json;
    requires static org.jspecify;

    exports dev.fdpass.jsonrpc;
}
