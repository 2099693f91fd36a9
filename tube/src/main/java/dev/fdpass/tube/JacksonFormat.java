package dev.fdpass.tube;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import dev.fdpass.json.StrictJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Messages of one type, by Jackson. */
final class JacksonFormat<T> implements MessageFormat<T> {
    /** Characters of what a stranger sent in the message of an exception. */
    private static final int MOST_SHOWN = 600;

    private final Class<T> type;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final boolean isText;

    /** A format that must be UTF-8, or need not. */
    JacksonFormat(ObjectMapper mapper, Class<T> type, boolean isText) {
        this.type = type;
        this.isText = isText;
        writer = mapper.writerFor(type);
        reader = mapper.readerFor(type);
    }

    @Override
    public void encode(T message, OutputStream to, FdSink fds) throws IOException {
        try {
            writer.withAttribute(TubeModule.SINK, fds).writeValue(to, message);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    message.getClass().getSimpleName() + " cannot be encoded" + where(e) + ": " + reason(e), e);
        }
    }

    @Override
    public T decode(ByteBuffer bytes, FdSource fds) throws IOException {
        if (isText) {
            checkText(bytes.duplicate());
        }
        try {
            T message = reader.withAttribute(TubeModule.SOURCE, fds)
                    .readValue(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            if (message == null) {
                throw new MessageException("null is no message; " + type.getSimpleName() + " was expected");
            }
            return message;
        } catch (InvalidTypeIdException e) {
            @Nullable String name = e.getTypeId();
            if (name == null) {
                throw malformed(e);
            }
            Set<String> known =
                    SealedFamilies.members(e.getBaseType().getRawClass()).keySet();
            throw new UnknownMessageException(
                    name, shown("\"" + shown(name) + "\"" + where(e) + " is unknown; known are " + known), e);
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private void checkText(ByteBuffer bytes) throws MessageException {
        try {
            String unused = StrictJson.text(bytes);
        } catch (CharacterCodingException e) {
            throw new MessageException("no " + type.getSimpleName() + ": it is not UTF-8", e);
        }
    }

    private MessageException malformed(JacksonException e) {
        return new MessageException(shown("no " + type.getSimpleName() + where(e) + ": " + reason(e)), e);
    }

    /** A stranger's text, so that a log can have it: not too long, and without what would move the cursor. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(MOST_SHOWN)
                .forEach(c -> shown.appendCodePoint(
                        switch (Character.getType(c)) {
                            case Character.CONTROL,
                                    Character.FORMAT,
                                    Character.SURROGATE,
                                    Character.LINE_SEPARATOR,
                                    Character.PARAGRAPH_SEPARATOR -> '?';
                            default -> c;
                        }));
        return shown.toString();
    }

    /** What was thrown by what is not Jackson's, a constructor perhaps, is the reason. */
    private static String reason(JacksonException e) {
        return String.valueOf(
                e.getCause() instanceof MessageException inner ? inner.getMessage() : e.getOriginalMessage());
    }

    /** {@code " at Open.more[2]"}, or nothing. */
    private static String where(JacksonException e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return "";
        }
        StringBuilder path = new StringBuilder(" at ");
        for (JsonMappingException.Reference each : mapping.getPath()) {
            if (each.getFieldName() == null) {
                path.append('[').append(each.getIndex()).append(']');
            } else {
                path.append(path.length() > " at ".length() ? "." : "").append(each.getFieldName());
            }
        }
        return path.toString();
    }
}
