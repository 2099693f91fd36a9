package dev.fdpass.tube;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleSerializers;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.fdpass.AsFd;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells Jackson that a descriptor is its index in the message, and of sealed interfaces. */
final class TubeModule extends Module {
    /** Where a message that is written puts its descriptors. */
    static final Object SINK = FdSink.class;
    /** Where a message that is read takes them from. */
    static final Object SOURCE = FdSource.class;

    @Override
    public String getModuleName() {
        return "dev.fdpass.tube";
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public void setupModule(SetupContext context) {
        context.appendAnnotationIntrospector(new SealedFamilies());
        SimpleSerializers serializers = new SimpleSerializers();
        serializers.addSerializer(AsFd.class, new ToIndex());
        context.addSerializers(serializers);
        context.addDeserializers(new FromIndexes());
    }

    private static final class ToIndex extends StdSerializer<AsFd> {
        private static final long serialVersionUID = 1L;

        ToIndex() {
            super(AsFd.class);
        }

        @Override
        public void serialize(AsFd fd, JsonGenerator to, SerializerProvider provider) throws IOException {
            to.writeNumber(((FdSink) provider.getAttribute(SINK)).add(fd));
        }
    }

    private static final class FromIndexes extends Deserializers.Base {
        @Override
        public @Nullable JsonDeserializer<?> findBeanDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription description) {
            return hasDeserializerFor(config, type.getRawClass()) ? new FromIndex(type) : null;
        }

        @Override
        public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
            return AsFd.class.isAssignableFrom(type);
        }
    }

    private static final class FromIndex extends StdDeserializer<AsFd> {
        private static final long serialVersionUID = 1L;

        FromIndex(JavaType type) {
            super(type);
        }

        @Override
        public AsFd deserialize(JsonParser from, DeserializationContext context) throws IOException {
            FdSource source = (FdSource) context.getAttribute(SOURCE);
            if (!from.hasToken(JsonToken.VALUE_NUMBER_INT)) {
                throw JsonMappingException.from(
                        from, "the index of a descriptor was expected, and " + from.currentToken() + " came");
            }
            try {
                int index = from.getIntValue();
                if (_valueType.hasRawClass(Tube.class)) {
                    JavaType[] messages = _valueType.findTypeParameters(Tube.class);
                    return source.takeTube(index, messages[0].getRawClass(), messages[1].getRawClass());
                }
                return source.take(index, _valueType.getRawClass().asSubclass(AsFd.class));
            } catch (MessageException e) {
                throw JsonMappingException.from(from, e.getMessage(), e); // which learns where in the message
            }
        }
    }
}
