package dev.fdpass.varlink;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.fdpass.OwnedFd;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the tests call: every kind of parameter, and descriptors wherever they can be. */
@VarlinkInterface(value = "org.example.files", documentation = "Files for those who may not open them.")
public interface Files {
    Opened open(String path, Optional<Long> offset) throws IOException;

    record Opened(OwnedFd file, long size) {}

    /** Gives back what it was given. */
    Everything echo(Everything value) throws IOException;

    record Everything(Value value) {}

    record Value(
            boolean bool,
            int number,
            double real,
            String text,
            Colour colour,
            List<Integer> list,
            Map<String, OwnedFd> named,
            Optional<OwnedFd> maybe,
            List<OwnedFd> some,
            @JsonProperty("the_rest") Optional<String> rest) {}

    enum Colour {
        RED,
        @JsonProperty("green")
        GREEN
    }

    void append(@JsonProperty("text_file") OwnedFd file, String text) throws IOException;

    Replies<Line> lines(OwnedFd file) throws IOException;

    record Line(int number, String text) {}

    /** As many files as are wanted, each made when it is asked for. */
    Replies<Opened> make(int count, boolean failAtTheEnd) throws IOException;

    /** What never comes. */
    Replies<Line> watch() throws IOException;

    void fail(String how) throws IOException;

    Talk talk(String greeting) throws IOException;

    record Talk(long user) {}
}
