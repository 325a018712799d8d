package dev.guildhall.bench.results;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** How the files of this package are written: for people and for {@code git diff} too. */
public final class ResultJson {
    /** More than a measurement has, and enough for counts. */
    private static final MathContext DIGITS = new MathContext(9);

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
            .changeDefaultVisibility(all -> all.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
            .addModule(new SimpleModule()
                    .addSerializer(Double.class, new Plain())
                    .addSerializer(double.class, new Plain()))
            .build();

    private ResultJson() {}

    /**
     * Reads a file.
     *
     * @param what it should be, for the message of the exception, which names the file and what is wrong with it
     */
    public static <T> T read(Path file, Class<T> type, String what) throws IOException {
        try {
            return MAPPER.readValue(Files.readString(file), type);
        } catch (JacksonException e) {
            throw new IOException(file + " is not " + what + ": " + reason(e), e);
        }
    }

    /** Writes a file, and its folder if it is missing. */
    public static void write(Path file, Object value) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, MAPPER.writeValueAsString(value) + "\n");
    }

    /** What is wrong with a file, without the path through Java's classes that Jackson adds. */
    private static String reason(JacksonException e) {
        Throwable cause = e.getCause();
        String reason = cause != null && cause.getMessage() != null ? cause.getMessage() : e.getOriginalMessage();
        String where = e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? String.valueOf(step.getIndex()) : step.getPropertyName())
                .collect(Collectors.joining("."));
        return where.isEmpty() ? reason : reason + " (at " + where + ")";
    }

    /** Writes 15414817 and not 1.5414817E7. */
    private static final class Plain extends StdSerializer<Double> {
        Plain() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator generator, SerializationContext context) {
            BigDecimal rounded = BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros();
            generator.writeNumber(rounded.toPlainString());
        }
    }
}
