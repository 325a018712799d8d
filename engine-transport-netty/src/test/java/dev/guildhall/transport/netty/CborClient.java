package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/** A client on the JDK's WebSocket that speaks CBOR. */
final class CborClient implements AutoCloseable {
    static final CBORMapper CBOR = new CBORMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final long SECONDS = 20;

    private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private final WebSocket socket;

    private CborClient(URI url) {
        socket = HTTP.newWebSocketBuilder().buildAsync(url, new Listener()).join();
    }

    static CborClient connect(TestGateway gateway, String query) {
        return new CborClient(URI.create(gateway.url() + query));
    }

    static CborClient connect(TestGateway gateway) {
        return connect(gateway, "?v=10&encoding=cbor");
    }

    static byte[] cbor(String json) {
        return CBOR.writeValueAsBytes(JsonMapper.shared().readTree(json));
    }

    CborClient send(String json) throws Exception {
        return send(cbor(json));
    }

    CborClient send(byte[] message) throws Exception {
        assertThat(socket.sendBinary(ByteBuffer.wrap(message), true).get(SECONDS, TimeUnit.SECONDS))
                .isNotNull();
        return this;
    }

    CborClient sendText(String text) throws Exception {
        assertThat(socket.sendText(text, true).get(SECONDS, TimeUnit.SECONDS)).isNotNull();
        return this;
    }

    CborClient identify(String user) throws Exception {
        assertThat(next().get("op").intValue()).isEqualTo(10);
        return send("{\"op\":2,\"d\":{\"token\":\"user:" + user + "\",\"intents\":513,\"properties\":{}}}");
    }

    byte[] nextBytes() throws InterruptedException {
        byte[] message = messages.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(message).as("a message; closed: %s", closeCode).isNotNull();
        return message;
    }

    JsonNode next() throws InterruptedException {
        return CBOR.readTree(nextBytes());
    }

    int closeCode() throws Exception {
        return closeCode.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Vanishes without a word. */
    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            message.writeBytes(part);
            if (last) {
                messages.add(message.toByteArray());
                message.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closeCode.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closeCode.completeExceptionally(error);
        }
    }
}
