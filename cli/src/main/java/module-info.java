/** The command {@code fdpass}. */
module dev.fdpass.cli {
    requires com.fasterxml.jackson.core;
    requires dev.fdpass;
    requires info.picocli;
    requires static org.jspecify;

    // Only fdpass varlink needs it, which asks for it when it starts: everything else starts faster without.
    requires static dev.fdpass.varlink;

    // picocli reads the annotations of the commands and sets their fields.
    opens dev.fdpass.cli to
            info.picocli;
    opens dev.fdpass.cli.demo to
            info.picocli;
    opens dev.fdpass.cli.hold to
            info.picocli;
    opens dev.fdpass.cli.inspect to
            info.picocli;
    opens dev.fdpass.cli.varlink to
            info.picocli;
}
