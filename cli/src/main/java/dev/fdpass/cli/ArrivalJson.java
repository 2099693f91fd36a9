package dev.fdpass.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fdpass.Credentials;
import dev.fdpass.FdInfo;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/** What arrived, for programs: one JSON object in a line. */
final class ArrivalJson implements ArrivalFormat {
    private final JsonFactory json = new JsonFactory();

    @Override
    public String format(Arrival arrival) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = json.createGenerator(text)) {
            write(arrival, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not when writing to memory
        }
        return text.append('\n').toString();
    }

    private static void write(Arrival arrival, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeNumberField("bytes", arrival.data().remaining());
        Optional<String> data = arrival.text();
        if (data.isPresent()) {
            out.writeStringField("data", data.get());
        } else {
            out.writeBinaryField("dataBase64", bytes(arrival));
        }
        out.writeArrayFieldStart("fds");
        for (FdInfo info : arrival.infos()) {
            write(info, out);
        }
        out.writeEndArray();
        out.writeBooleanField("payloadTruncated", arrival.payloadTruncated());
        out.writeBooleanField("controlTruncated", arrival.controlTruncated());
        writePeer(arrival, out);
        out.writeEndObject();
    }

    private static byte[] bytes(Arrival arrival) {
        int from = arrival.data().arrayOffset() + arrival.data().position();
        return Arrays.copyOfRange(
                arrival.data().array(), from, from + arrival.data().remaining());
    }

    private static void write(FdInfo info, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeNumberField("number", info.number());
        out.writeStringField("kind", info.kind().toString());
        out.writeStringField("access", info.access().toString());
        out.writeStringField("path", info.name());
        out.writeNumberField("size", info.size());
        out.writeNumberField("device", info.device());
        out.writeNumberField("inode", info.inode());
        out.writeEndObject();
    }

    private static void writePeer(Arrival arrival, JsonGenerator out) throws IOException {
        Credentials peer = arrival.peer();
        if (peer == null) {
            out.writeNullField("peer");
            return;
        }
        out.writeObjectFieldStart("peer");
        out.writeNumberField("pid", peer.pid());
        out.writeNumberField("uid", peer.uid());
        out.writeNumberField("gid", peer.gid());
        out.writeEndObject();
    }
}
