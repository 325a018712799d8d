package dev.guildhall.transport.netty.internal;

import static dev.guildhall.transport.netty.ClientFrame.BINARY;
import static dev.guildhall.transport.netty.ClientFrame.CLOSE;
import static dev.guildhall.transport.netty.ClientFrame.CONTINUATION;
import static dev.guildhall.transport.netty.ClientFrame.FINAL;
import static dev.guildhall.transport.netty.ClientFrame.PING;
import static dev.guildhall.transport.netty.ClientFrame.PONG;
import static dev.guildhall.transport.netty.ClientFrame.TEXT;

import dev.guildhall.transport.netty.ClientFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Makes what a client may send over a WebSocket: mostly right, so that what is wrong comes in each state. */
final class FuzzFrames {
    private static final int[] CODES = {
        0, 1, 999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1011, 1014, 1015, 1016, 2999, 3000, 4000, 4999, 5000,
        32_768, 65_535
    };
    private static final byte[] HEARTBEAT = RfcReader.HEARTBEAT.getBytes(StandardCharsets.UTF_8);

    private final Random random;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private FuzzFrames(long seed) {
        random = new Random(seed);
    }

    static byte[] of(long seed) {
        FuzzFrames made = new FuzzFrames(seed);
        int steps = 1 + made.random.nextInt(12);
        for (int i = 0; i < steps; i++) {
            made.step();
        }
        byte[] all = made.out.toByteArray();
        return switch (made.random.nextInt(8)) {
            case 0 -> Arrays.copyOf(all, made.random.nextInt(all.length + 1)); // cut off
            case 1 -> made.damaged(all);
            default -> all;
        };
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> add(ClientFrame.of(FINAL | TEXT, heartbeat(), mask()));
            case 5, 6, 7, 8 -> fragments();
            case 9, 10 -> control();
            case 11 -> add(ClientFrame.of(FINAL | TEXT, bytes(random.nextInt(8)), mask()));
            case 12 -> add(ClientFrame.of(random.nextInt(256), bytes(random.nextInt(140)), mask()));
            case 13 -> add(ClientFrame.of(FINAL | BINARY, bytes(random.nextInt(200)), mask()));
            case 14 -> goodbye();
            case 15 -> lyingLength();
            case 16 -> add(ClientFrame.of(random.nextInt(3), bytes(random.nextInt(300)), mask()));
            case 17 -> unmasked();
            case 18 -> add(ClientFrame.of(FINAL | TEXT, new byte[4090 + random.nextInt(10)], mask()));
            default -> add(bytes(1 + random.nextInt(20)));
        }
    }

    /** A heartbeat in fragments with pings between them; one time in four with something that is wrong. */
    private void fragments() {
        byte[] message = heartbeat();
        if (random.nextInt(4) == 0) {
            message[random.nextInt(message.length)] = (byte) (0x80 | random.nextInt(128)); // never UTF-8 alone
        }
        int at = 0;
        boolean first = true;
        while (true) {
            int size = Math.min(message.length - at, random.nextInt(1 + message.length));
            boolean last = at + size == message.length && random.nextBoolean();
            add(ClientFrame.of(
                    (first ? TEXT : CONTINUATION) | (last ? FINAL : 0),
                    Arrays.copyOfRange(message, at, at + size),
                    mask()));
            if (last) {
                return;
            }
            first = false;
            at += size;
            if (random.nextInt(3) == 0) {
                control();
            }
        }
    }

    private void control() {
        add(ClientFrame.of(FINAL | (random.nextBoolean() ? PING : PONG), bytes(random.nextInt(127)), mask()));
    }

    private void goodbye() {
        byte[] body = ByteBuffer.allocate(40)
                .putShort((short) CODES[random.nextInt(CODES.length)])
                .put(bytes(38))
                .array();
        boolean readable = random.nextInt(3) > 0;
        if (readable) {
            Arrays.fill(body, 2, body.length, (byte) 'r');
        }
        add(ClientFrame.of(FINAL | CLOSE, Arrays.copyOf(body, random.nextInt(body.length)), mask()));
    }

    /** A length that is not there, not minimal, negative or far too large. */
    private void lyingLength() {
        int opcode = random.nextInt(4) == 0 ? PING : TEXT;
        ByteBuffer frame = ByteBuffer.allocate(64).put((byte) (FINAL | opcode));
        if (random.nextBoolean()) {
            frame.put((byte) 0xFE).putShort((short) random.nextInt(random.nextBoolean() ? 200 : 65_536));
        } else {
            frame.put((byte) 0xFF).putLong(random.nextLong() >> random.nextInt(64));
        }
        add(Arrays.copyOf(frame.putInt(mask()).array(), frame.position() + random.nextInt(20)));
    }

    private void unmasked() {
        byte[] payload = heartbeat();
        int length = Math.min(payload.length, 125);
        add(new byte[] {(byte) (FINAL | TEXT), (byte) length});
        add(Arrays.copyOf(payload, length));
    }

    private byte[] damaged(byte[] all) {
        byte[] copy = all.clone();
        if (copy.length > 0) {
            copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }

    /** JSON may have spaces around it, so heartbeats come in all sizes. */
    private byte[] heartbeat() {
        int size = HEARTBEAT.length + (random.nextInt(5) == 0 ? random.nextInt(4096) : random.nextInt(120));
        byte[] padded = new byte[size];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(HEARTBEAT, 0, padded, random.nextInt(size - HEARTBEAT.length + 1), HEARTBEAT.length);
        return padded;
    }

    private byte[] bytes(int count) {
        byte[] made = new byte[count];
        random.nextBytes(made);
        return made;
    }

    private int mask() {
        return random.nextInt(5) == 0 ? 0 : random.nextInt();
    }

    private void add(byte[] bytes) {
        out.writeBytes(bytes);
    }
}
