package dev.guildhall.transport.netty;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests on the gateway's port that are neither for the gateway's path nor for its health: a status page, numbers for monitoring,
 * a small REST interface. A connection carries one request, which must be read and answered within {@link GatewayLimits#handshakeTimeout};
 * bodies above 8 KiB are refused.
 */
@FunctionalInterface
public interface HttpHandler {

    /**
     * Answers one request. Called on the engine's executor for blocking code, a virtual thread by default, so it may block; several requests
     * are handled at the same time.
     *
     * @param request what was asked
     * @return the answer; null if nothing is there, which is answered with 404
     * @throws Exception if it cannot tell; logged at WARN and answered with 500, which does not say why
     */
    @Nullable
    Response handle(Request request) throws Exception;

    /**
     * What was asked.
     *
     * @param address from where the client came, as the proxies say that are trusted; null if it was not by IP
     * @param method such as {@code GET}
     * @param path still encoded, without the query
     * @param query decoded, in the order of the request; a parameter may be there several times
     * @param headers by their names in lower case
     * @param body its bytes, empty if there is none; never changed by the gateway
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(
            @Nullable InetAddress address,
            String method,
            String path,
            Map<String, List<String>> query,
            Map<String, List<String>> headers,
            byte[] body) {

        /**
         * For logs.
         *
         * @return method and path; queries and headers may hold secrets
         */
        @Override
        public String toString() {
            return "Request[" + method + " " + path + "]";
        }
    }

    /**
     * The answer.
     *
     * @param status 200 to 599
     * @param contentType such as {@code application/json}
     * @param body its bytes; must not be changed afterwards
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Response(int status, String contentType, byte[] body) {

        /**
         * Checks the parts.
         *
         * @param status of HTTP
         * @param contentType what the body is
         * @param body its bytes
         * @throws IllegalArgumentException if the status is none of an answer
         */
        public Response {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("status must be between 200 and 599, was " + status);
            }
            Objects.requireNonNull(contentType, "contentType");
            Objects.requireNonNull(body, "body");
        }

        /**
         * An answer in text.
         *
         * @param status 200 to 599
         * @param contentType such as {@code text/plain; charset=utf-8}
         * @param text sent as UTF-8
         * @return the answer
         * @throws IllegalArgumentException if the status is none of an answer
         */
        public static Response of(int status, String contentType, String text) {
            return new Response(status, contentType, text.getBytes(StandardCharsets.UTF_8));
        }

        /**
         * For logs.
         *
         * @return status, type and length
         */
        @Override
        public String toString() {
            return "Response[" + status + " " + contentType + ", " + body.length + " bytes]";
        }
    }
}
