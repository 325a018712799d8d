package dev.guildhall.bench.load;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;

/**
 * A request of a scenario.
 *
 * @param take where in the JSON of the answer the values of new names are
 */
record HttpCall(
        String method,
        Template url,
        Map<String, Template> headers,
        @Nullable Template body,
        Map<String, JsonPointer> take) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

    /** Reads {@code post: URL} with {@code headers}, {@code body} and {@code take}; what it takes is among the names from then on. */
    static HttpCall read(Fields fields, Names names, Collection<String> own) {
        List<String> known = names.with(own);
        String method = METHODS.stream()
                .filter(fields::has)
                .findFirst()
                .orElseThrow(() -> new LoadException(
                        fields.path() + " must name a URL by one of " + String.join(", ", METHODS) + ", has none"));
        Map<String, Template> headers = new LinkedHashMap<>();
        fields.texts("headers")
                .forEach((name, value) -> headers.put(name, Template.of(value, fields.path() + ".headers", known)));
        String body = fields.text("body");
        HttpCall call = new HttpCall(
                method,
                Template.of(fields.text(method, ""), fields.path() + "." + method, known),
                headers,
                body == null ? null : Template.of(body, fields.path() + ".body", known),
                take(fields));
        call.take.keySet().forEach(names::add);
        return call;
    }

    private static Map<String, JsonPointer> take(Fields fields) {
        Map<String, JsonPointer> take = new LinkedHashMap<>();
        fields.texts("take").forEach((name, pointer) -> {
            try {
                take.put(name, JsonPointer.compile(pointer));
            } catch (IllegalArgumentException e) {
                throw new LoadException(
                        fields.path() + ".take." + name + " must be a JSON pointer such as /id, was " + pointer, e);
            }
        });
        return take;
    }

    /**
     * @throws LoadException if what has been filled in is no URL of HTTP
     */
    HttpRequest request(Function<String, @Nullable String> values) {
        String filled = url.fill(values);
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(filled)).timeout(TIMEOUT);
            request.header("Content-Type", "application/json");
            headers.forEach((name, value) -> request.setHeader(name, value.fill(values)));
            return request.method(
                            method.toUpperCase(Locale.ROOT),
                            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.fill(values)))
                    .build();
        } catch (IllegalArgumentException e) {
            throw new LoadException("cannot ask '" + filled + "': " + e.getMessage(), e);
        }
    }
}
