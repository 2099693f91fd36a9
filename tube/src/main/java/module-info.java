/**
 * Typed messages with file descriptors inside: records whose components may be descriptors, over any socket of
 * {@link dev.fdpass}.
 *
 * <p>Messages are read and built by reflection: a module opens the packages of its records to this one
 * ({@code opens com.example.messages to dev.fdpass.tube}).
 */
module dev.fdpass.tube {
    requires transitive dev.fdpass;
    requires dev.fdpass.json;
    requires com.fasterxml.jackson.annotation;
    requires com.fasterxml.jackson.core;
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires static org.jspecify;

    exports dev.fdpass.tube;
}
