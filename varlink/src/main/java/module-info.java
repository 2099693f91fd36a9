/**
 * Varlink clients and services that pass file descriptors: JSON objects that end with NUL on a stream socket, the descriptors
 * of a message named in it by their index, as systemd's sd-varlink does it.
 *
 * <p>Run with {@code --enable-native-access=dev.fdpass}. A module opens the packages of its interfaces and records to this one
 * ({@code opens com.example.files to dev.fdpass.varlink}), which passes that on to Jackson.
 */
module dev.fdpass.varlink {
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires transitive dev.fdpass;
    requires dev.fdpass.json;
    requires static org.jspecify;

    exports dev.fdpass.varlink;
}
