package dev.fdpass.varlink;

import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Optional;

/** The replies to a call with more, as records. */
final class TypedReplies implements Replies.Source<Object> {
    private final Replies<Reply> replies;
    private final Type type;
    private final boolean hasComponents;

    TypedReplies(Replies<Reply> replies, Type type) {
        this.replies = replies;
        this.type = type;
        Class<?> raw = Json.MAPPER.constructType(type).getRawClass();
        hasComponents = !raw.isRecord() || raw.getRecordComponents().length > 0;
    }

    @Override
    public Optional<Object> next() throws IOException {
        Reply reply = replies.next().orElse(null);
        if (reply == null) {
            return Optional.empty();
        }
        try (reply) {
            boolean isOnlyTheEnd = !reply.continues() && reply.parameters().isEmpty() && reply.fdCount() == 0;
            return isOnlyTheEnd && hasComponents ? Optional.empty() : Optional.of(reply.as(type));
        }
    }

    @Override
    public void close() throws IOException {
        replies.close();
    }
}
