package dev.guildhall.transport.netty.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;
import tools.jackson.dataformat.cbor.CBORReadFeature;
import tools.jackson.dataformat.cbor.CBORWriteFeature;

/**
 * What the gateway needs of CBOR (RFC 8949): JSON's values written in another way, and no others. The only class that needs
 * jackson-dataformat-cbor, which need not be there.
 */
final class Cbor {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final CBORMapper CBOR = CBORMapper.builder()
            .enable(CBORWriteFeature.LENIENT_UTF_ENCODING) // JSON may have half a surrogate pair, \ud83d
            .enable(CBORWriteFeature.ENCODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
            .enable(CBORReadFeature.DECODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private Cbor() {}

    /**
     * Does nothing if the library is there.
     *
     * @throws LinkageError if not
     */
    static void requireLibrary() {
        CBOR.version();
    }

    static byte[] text(String text) {
        return CBOR.writeValueAsBytes(text);
    }

    /**
     * Another spelling of one JSON value. Objects and arrays are written with indefinite lengths, since theirs are not known when they begin.
     *
     * @throws JacksonException if it is not JSON
     */
    static byte[] ofJson(ByteBuffer json) {
        byte[] text = new byte[json.remaining()];
        json.get(json.position(), text);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length + 16);
        try (JsonParser from = JSON.createParser(text);
                JsonGenerator to = CBOR.createGenerator(bytes)) {
            if (from.nextToken() == null) {
                throw new StreamReadException(from, "no value");
            }
            to.copyCurrentStructure(from);
            if (from.nextToken() != null) {
                throw new StreamReadException(from, "more than one value");
            }
        }
        return bytes.toByteArray();
    }

    /**
     * Reads one value.
     *
     * @throws JacksonException if it is broken, has a key twice, or holds what JSON has no word for
     */
    static JsonNode read(ByteBuf bytes) {
        JsonNode root = CBOR.readTree(ByteBufUtil.getBytes(bytes));
        requireJson(root);
        return root;
    }

    /** No deeper than the parser has allowed. */
    private static void requireJson(JsonNode node) {
        boolean isJson = switch (node.getNodeType()) {
            case OBJECT, ARRAY, STRING, BOOLEAN, NULL -> true;
            case NUMBER -> node.isIntegralNumber() || isFinite(node);
            case BINARY, MISSING, POJO -> false;
        };
        if (!isJson) {
            throw new StreamReadException("a value that JSON does not have");
        }
        node.forEach(Cbor::requireJson);
    }

    /** A decimal fraction, whose exponent can make it as large as it likes, is not one of JSON's here either. */
    private static boolean isFinite(JsonNode number) {
        return (number.isDouble() || number.isFloat()) && Double.isFinite(number.doubleValue());
    }
}
