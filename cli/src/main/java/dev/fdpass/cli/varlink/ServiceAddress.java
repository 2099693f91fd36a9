package dev.fdpass.cli.varlink;

import dev.fdpass.UnixAddress;
import picocli.CommandLine.Parameters;

/** Where a service is: the first argument of each of these commands. */
@SuppressWarnings("NullAway.Init") // picocli sets the annotated field
final class ServiceAddress {
    @Parameters(
            index = "0",
            paramLabel = "ADDRESS",
            converter = ToVarlinkAddress.class,
            description = "unix:/path or unix:@name, also without unix:.")
    private UnixAddress address;

    UnixAddress address() {
        return address;
    }
}
