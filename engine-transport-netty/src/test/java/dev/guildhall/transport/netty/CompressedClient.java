package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that asks for compression, and holds every frame against what was agreed. */
final class CompressedClient implements AutoCloseable {
    private final RawClient socket;
    private final String head;
    private final MessageDecoder decoder;

    private CompressedClient(RawClient socket, String head, MessageDecoder decoder) {
        this.socket = socket;
        this.head = head;
        this.decoder = decoder;
    }

    /** A connection that is a WebSocket. */
    static CompressedClient connect(int port, String query, @Nullable String offer) throws IOException {
        RawClient socket = new RawClient(port);
        String head = socket.http(request(query, offer));
        assertThat(head).startsWith("HTTP/1.1 101 ");
        return new CompressedClient(socket, head, MessageDecoder.of(query, extension(head)));
    }

    static String request(String query, @Nullable String offer) {
        return "GET /gateway" + query + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + (offer == null ? "" : "Sec-WebSocket-Extensions: " + offer + "\r\n") + "\r\n";
    }

    private static @Nullable String extension(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-extensions:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(null);
    }

    /** What the gateway has agreed to, null for no extension. */
    @Nullable
    String extension() {
        return extension(head);
    }

    CompressedClient send(String text) throws IOException {
        socket.send(text);
        return this;
    }

    /** Sends a message compressed by the extension. */
    CompressedClient sendDeflated(String text) throws IOException {
        return sendDeflated(MessageDecoder.deflated(text.getBytes(StandardCharsets.UTF_8)));
    }

    CompressedClient sendDeflated(byte[] payload) throws IOException {
        return write(ClientFrame.of(ClientFrame.FINAL | MessageDecoder.RSV1 | ClientFrame.TEXT, payload));
    }

    CompressedClient write(byte[] bytes) throws IOException {
        socket.write(bytes);
        return this;
    }

    CompressedClient identify(String user) throws IOException {
        assertThat(next().get("op").intValue()).isEqualTo(10);
        return send(identifyText(user));
    }

    static String identifyText(String user) {
        return "{\"op\":2,\"d\":{\"token\":\"user:" + user + "\",\"intents\":513,\"properties\":{}}}";
    }

    /** The next message. */
    JsonNode next() throws IOException {
        return JsonMapper.shared().readTree(nextText());
    }

    String nextText() throws IOException {
        RawClient.Frame frame = socket.read();
        assertThat(frame.opcode()).as("opcode").isNotEqualTo(ClientFrame.CLOSE);
        return new String(decoder.decode(frame.firstByte(), frame.payload()), StandardCharsets.UTF_8);
    }

    /** How much more or less than the messages themselves was sent. */
    double ratio() {
        return decoder.ratio();
    }

    int closeCode() throws IOException {
        return socket.readToClose().closeCode();
    }

    RawClient socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        decoder.close();
        socket.close();
    }
}
