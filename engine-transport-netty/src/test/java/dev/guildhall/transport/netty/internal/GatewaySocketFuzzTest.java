package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Engine;
import dev.guildhall.transport.netty.Authentication;
import dev.guildhall.transport.netty.ClientFrame;
import dev.guildhall.transport.netty.NettyTransport;
import dev.guildhall.transport.netty.NothingWrongLogged;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The frames of {@link GatewayFuzzTest} over real sockets and event loops, with the pooled allocator and under Netty's leak
 * detector. A failure names the seed, and with {@code -Dguildhall.seed=N} it is the first to run again.
 */
@Timeout(300)
@ExtendWith(NothingWrongLogged.Strict.class)
class GatewaySocketFuzzTest {
    private static final int CASES = Integer.getInteger("guildhall.fuzz.cases", 600) / 5;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final String HEAD_END = "\r\n\r\n";

    private final long first = Long.getLong("guildhall.seed", System.nanoTime());
    private final NettyTransport transport = NettyTransport.builder()
            .port(0)
            .eventLoops(2)
            .authenticator(identify -> Authentication.refused("nobody comes in"))
            .build();
    private final Engine engine = Engine.builder().transport(transport).open();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void frames() throws Exception {
        System.out.println("from -Dguildhall.seed=" + first);
        for (long seed = first; seed != first + CASES; seed++) {
            byte[] sent = FuzzFrames.of(seed);
            List<String> answers = answersTo(sent);
            assertThat(RfcReader.agrees(answers, sent) || isCutShort(answers, sent))
                    .as("-Dguildhall.seed=%s: %s, expected %s", seed, answers, RfcReader.answersTo(sent))
                    .isTrue();
            assertThat(answersTo(ClientFrame.text(RfcReader.HEARTBEAT))).containsExactly(RfcReader.ACK);
        }
    }

    /** A socket that is closed before all was read resets the link, and then the last answers may be lost. */
    private static boolean isCutShort(List<String> answers, byte[] sent) {
        List<String> expected = RfcReader.answersTo(sent);
        return answers.size() < expected.size()
                && expected.getLast().startsWith("close ")
                && IntStream.range(0, answers.size())
                        .allMatch(i -> answers.get(i).equals(expected.get(i)));
    }

    /** Says all it has to say, says no more, and listens to the end. */
    private List<String> answersTo(byte[] frames) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), transport.address().getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(EmbeddedClient.UPGRADE.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            while (!received.toString(StandardCharsets.ISO_8859_1).contains(HEAD_END)) {
                received.write(in.read());
            }
            socket.getOutputStream().write(frames);
            socket.shutdownOutput();
            received.writeBytes(in.readAllBytes());
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        String all = received.toString(StandardCharsets.ISO_8859_1);
        byte[] after = all.substring(all.indexOf(HEAD_END) + HEAD_END.length()).getBytes(StandardCharsets.ISO_8859_1);
        return ServerFrames.parse(after).stream()
                .map(RfcReader::name)
                .filter(name -> !name.contains("heartbeat_interval"))
                .toList();
    }
}
