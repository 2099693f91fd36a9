package dev.fdpass.cli.demo;

import java.io.IOException;
import java.util.List;

/** All that the demo passes. */
final class Exhibits {
    static final List<Exhibit> ALL =
            List.of(new RegularFile(), new PipeEnd(), new Event(), new Memory(), new TcpListener());

    private Exhibits() {}

    static Exhibit named(String name) throws IOException {
        for (Exhibit exhibit : ALL) {
            if (exhibit.name().equals(name)) {
                return exhibit;
            }
        }
        throw new IOException("the sender announced '" + name + "', which is not known here");
    }
}
