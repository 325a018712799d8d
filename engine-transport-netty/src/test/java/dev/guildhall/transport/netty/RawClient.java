package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that can break every rule, and that reads only when told to. */
final class RawClient implements AutoCloseable {
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int FINAL = 0x80;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int firstByte, byte[] payload) {
        int opcode() {
            return firstByte & 0x0F;
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            assertThat(opcode()).isEqualTo(CLOSE);
            return ByteBuffer.wrap(payload).getShort();
        }
    }

    RawClient(int port) throws IOException {
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /** A connection that is a WebSocket already. */
    static RawClient upgraded(int port) throws IOException {
        RawClient client = new RawClient(port);
        assertThat(client.http(upgradeRequest())).startsWith("HTTP/1.1 101 ");
        return client;
    }

    static String upgradeRequest() {
        return """
                GET /gateway?v=10&encoding=json HTTP/1.1
                Host: localhost
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                """.replace("\n", "\r\n");
    }

    /** Sends a request and reads the head of the answer. */
    String http(String request) throws IOException {
        write(request.getBytes(StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            head.write(in.readUnsignedByte());
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** The next bytes, as text. */
    String readBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** What comes until the other side ends the connection. */
    String readToCut() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void send(String text) throws IOException {
        write(frame(FINAL | TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    void sendClose(int code) throws IOException {
        write(frame(FINAL | CLOSE, ByteBuffer.allocate(2).putShort((short) code).array()));
    }

    /** A masked frame; the mask is zero, so the payload stays readable. */
    static byte[] frame(int firstByte, byte[] payload) {
        return ClientFrame.of(firstByte, payload);
    }

    Frame read() throws IOException {
        int firstByte = in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] payload = new byte[Math.toIntExact(length)];
        in.readFully(payload);
        return new Frame(firstByte, payload);
    }

    /** Reads on to the close frame. */
    Frame readToClose() throws IOException {
        Frame frame = read();
        while (frame.opcode() != CLOSE) {
            frame = read();
        }
        return frame;
    }

    /** Whether the other side has cut the link. */
    boolean isCut() throws IOException {
        try {
            return in.read() < 0;
        } catch (EOFException | SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
