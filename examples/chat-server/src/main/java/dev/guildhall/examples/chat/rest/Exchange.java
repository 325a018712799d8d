package dev.guildhall.examples.chat.rest;

import dev.guildhall.examples.chat.api.Json;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.api.Snowflakes;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** One request and its answer, as routes want to see them: checked ids and numbers in, JSON out. */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** Of a body that is too large; who sends more may not get to see the answer. */
    private static final long MOST_READ_ON = 4 * 1024 * 1024;

    private final Context http;

    Exchange(Context http) {
        this.http = http;
    }

    /** The id in the path. */
    long pathId(String name) {
        return snowflake(name, http.pathParam(name));
    }

    /** The id in the query, or the given one if there is none. Ids beyond those that exist count as the largest. */
    long queryId(String name, long otherwise) {
        String text = http.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        long id = snowflake(name, text);
        return id < 0 ? Long.MAX_VALUE : id;
    }

    boolean hasQuery(String name) {
        return http.queryParam(name) != null;
    }

    int queryNumber(String name, int min, int max, int otherwise) {
        String text = http.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, as a number out of range is.
        }
        throw Refusal.invalid(name + " must be a whole number from " + min + " to " + max);
    }

    String path(String name) {
        return http.pathParam(name);
    }

    Body body() {
        return Body.parse(bytes());
    }

    /** Whatever is thrown while a body is read is the client's doing: it broke off, stalled, or sent what is no chunk. */
    private byte[] bytes() {
        try {
            return http.bodyAsBytes();
        } catch (HttpResponseException e) {
            readOn();
            throw e;
        } catch (Exception e) {
            LOG.debug("The body of {} {} could not be read", http.method(), http.endpoint().path, e);
            throw new Refusal(isTimeout(e) ? Kind.REQUEST_TIMEOUT : Kind.BAD_REQUEST);
        }
    }

    /**
     * Lets the client finish what it is sending. A connection that is closed while something is unread is reset, and the client then loses
     * the answer that says what was wrong.
     */
    private void readOn() {
        try {
            long read = http.req().getInputStream().skip(MOST_READ_ON);
            LOG.debug("{} bytes of a body that is too large were passed over", read);
        } catch (IOException e) {
            LOG.debug("The client did not go on with a body that is too large", e);
        }
    }

    private static boolean isTimeout(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof TimeoutException);
    }

    /** The host and port under which the client reached the server, as it says itself. */
    @Nullable
    String host() {
        return http.header("Host");
    }

    String address() {
        return http.ip();
    }

    /** The token that the client sent, without the word before it that some put there. */
    @Nullable
    String token() {
        String header = http.header("Authorization");
        if (header == null) {
            return null;
        }
        int space = header.indexOf(' ');
        return space < 0 ? header : header.substring(space + 1).strip();
    }

    void answer(JsonNode json) {
        answer(200, json);
    }

    void answer(int status, JsonNode json) {
        http.status(status).contentType(ContentType.APPLICATION_JSON).result(Json.write(json));
    }

    void answerNothing() {
        http.status(204);
    }

    void refuse(Refusal refusal) {
        Kind kind = refusal.kind();
        answer(kind.status(), Json.object().put("message", refusal.text()).put("code", kind.code()));
    }

    void header(String name, String value) {
        http.header(name, value);
    }

    private static long snowflake(String name, String text) {
        try {
            return Snowflakes.parse(text);
        } catch (NumberFormatException e) {
            throw Refusal.invalid(name + " must be an id: a whole number of at most 64 bits");
        }
    }
}
