package dev.guildhall.examples.chat.rest;

import dev.guildhall.examples.chat.api.Json;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A request body that is a JSON object. Each getter checks one field and refuses it by name and bound; fields that nobody
 * asks for are ignored, as clients send many.
 */
final class Body {
    private static final int MAX_NONCE = 64;

    private final JsonNode fields;

    private Body(JsonNode fields) {
        this.fields = fields;
    }

    static Body parse(byte[] utf8) {
        JsonNode json;
        try {
            json = Json.read(utf8);
        } catch (JacksonException e) {
            throw new Refusal(Kind.INVALID_JSON);
        }
        if (!json.isObject()) {
            throw Refusal.invalid("the body must be a JSON object");
        }
        return new Body(json);
    }

    /** A string as it is. */
    String text(String field) {
        JsonNode value = fields.get(field);
        if (value == null || value.isNull()) {
            throw Refusal.invalid(field + " is required");
        }
        if (!value.isString()) {
            throw Refusal.invalid(field + " must be a string");
        }
        return value.stringValue();
    }

    /** A string that people read: well-formed, not blank, and so many characters (code points) long. */
    String text(String field, int min, int max) {
        String text = text(field);
        int length = text.codePointCount(0, text.length());
        if (length < min || length > max) {
            throw Refusal.invalid(field + " must have " + min + " to " + max + " characters, had " + length);
        }
        if (text.isBlank()) {
            throw Refusal.invalid(field + " must not be blank");
        }
        if (text.codePoints().anyMatch(Body::cannotBeWritten)) {
            throw Refusal.invalid(field + " holds a character that is not text");
        }
        return text;
    }

    /** A name: one line without blanks around it. */
    String name(String field, int min, int max) {
        String name = text(field, min, max).strip();
        if (name.codePointCount(0, name.length()) < min) {
            throw Refusal.invalid(
                    field + " must have " + min + " to " + max + " characters, blanks around not counted");
        }
        if (name.codePoints().anyMatch(Character::isISOControl)) {
            throw Refusal.invalid(field + " must be one line");
        }
        return name;
    }

    /** A number if it is there. */
    int number(String field, int otherwise) {
        JsonNode value = fields.get(field);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw Refusal.invalid(field + " must be a whole number");
        }
        return value.intValue();
    }

    /** The client's own name for a message: a short string or a whole number, given back as it came. */
    @Nullable
    JsonNode nonce() {
        JsonNode nonce = fields.get("nonce");
        if (nonce == null || nonce.isNull()) {
            return null;
        }
        boolean fits = nonce.isString()
                ? nonce.stringValue().length() <= MAX_NONCE
                        && nonce.stringValue().codePoints().noneMatch(Body::cannotBeWritten)
                : nonce.isIntegralNumber() && nonce.canConvertToLong();
        if (!fits) {
            throw Refusal.invalid("nonce must be a whole number or a string of at most " + MAX_NONCE + " characters");
        }
        return nonce;
    }

    /** Half a surrogate pair has no UTF-8; the character 0 ends text for too many readers. */
    private static boolean cannotBeWritten(int codePoint) {
        return codePoint == 0 || Character.getType(codePoint) == Character.SURROGATE;
    }
}
