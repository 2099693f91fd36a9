package dev.fdpass.cli.inspect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fdpass.FdInfo;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/** What was found, for programs: one JSON object in a line. */
final class InspectJson {
    private InspectJson() {}

    static String format(Inspection inspection) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeNumberField("process", inspection.process());
            out.writeStringField("program", inspection.program());
            out.writeArrayFieldStart("fds");
            for (OpenFile file : inspection.files()) {
                write(file, out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return text.append('\n').toString();
    }

    private static void write(OpenFile file, JsonGenerator out) throws IOException {
        FdInfo info = file.info();
        out.writeStartObject();
        out.writeNumberField("number", info.number());
        out.writeStringField("kind", info.kind().toString());
        out.writeStringField("access", info.access().toString());
        out.writeArrayFieldStart("flags");
        for (FdInfo.Flag flag : info.flags().stream().sorted().toList()) {
            out.writeString(flag.toString());
        }
        out.writeEndArray();
        out.writeBooleanField("closeOnExec", info.closeOnExec());
        out.writeNumberField("position", file.position());
        out.writeNumberField("size", info.size());
        out.writeNumberField("device", info.device());
        out.writeNumberField("inode", info.inode());
        out.writeStringField("path", info.name());
        SocketState socket = file.socket();
        if (socket != null) {
            out.writeObjectFieldStart("socket");
            out.writeStringField("type", socket.type());
            out.writeStringField("state", socket.state());
            out.writeStringField("local", socket.local());
            out.writeStringField("remote", socket.remote());
            out.writeEndObject();
        }
        out.writeObjectFieldStart("details");
        for (Map.Entry<String, String> detail : file.details().entrySet()) {
            out.writeStringField(detail.getKey(), detail.getValue());
        }
        out.writeEndObject();
        out.writeEndObject();
    }
}
