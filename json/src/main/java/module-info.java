/**
 * What tubes, JSON-RPC and Varlink of this library have in common: how strict their JSON is, and how descriptors are
 * found in values of Java. Not for users: nothing here stays as it is.
 */
@SuppressWarnings("module") // those that it exports its package to are built after it
module dev.fdpass.json {
    requires transitive com.fasterxml.jackson.databind;
    requires transitive dev.fdpass;
    requires static org.jspecify;

    exports dev.fdpass.json to
            dev.fdpass.jsonrpc,
            dev.fdpass.tube,
            dev.fdpass.varlink;
}
