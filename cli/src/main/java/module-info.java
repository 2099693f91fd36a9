/** The command {@code fdpass}. */
module dev.fdpass.cli {
    requires com.fasterxml.jackson.core;
    requires dev.fdpass;
    requires info.picocli;
    requires static org.jspecify;

    // picocli reads the annotations of the commands and sets their fields.
    opens dev.fdpass.cli to
            info.picocli;
    opens dev.fdpass.cli.demo to
            info.picocli;
    opens dev.fdpass.cli.hold to
            info.picocli;
    opens dev.fdpass.cli.inspect to
            info.picocli;
}
