package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.ClientFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * An HTTP request, an upgrade that is good or has something wrong with it.
 *
 * @param text the request
 * @param after what the client sends behind it without waiting for the answer
 * @param outcome what comes of it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FuzzRequest(String text, byte[] after, Outcome outcome) {
    enum Outcome {
        HELLO,
        CLOSED_4002,
        CLOSED_4012,
        REFUSED,
        /** Hard to tell: an upgrade, a refusal or waiting. */
        ANYTHING,
        /** Not a whole request: refused, or no answer and cut when the time to identify is over. */
        UNFINISHED
    }

    private static final int IDENTIFY_SECONDS = 10;
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    static FuzzRequest of(long seed) {
        return new Maker(new Random(seed)).make();
    }

    byte[] bytes() {
        return ClientFrame.concat(text.getBytes(StandardCharsets.ISO_8859_1), after);
    }

    void check(EmbeddedClient client) {
        String answer = client.peek();
        if (outcome == Outcome.ANYTHING) {
            if (!answer.isEmpty() && !answer.matches("(?s)" + continued() + "HTTP/1.1 101 .*")) {
                isRefused(client, answer);
            }
            return;
        }
        switch (outcome) {
            case HELLO -> {
                assertThat(client.takeHead()).as(text).startsWith("HTTP/1.1 101 ");
                assertThat(client.next().text()).contains("\"op\":10");
                client.isLeftAlone();
            }
            case CLOSED_4002, CLOSED_4012 -> {
                assertThat(client.takeHead()).as(text).startsWith("HTTP/1.1 101 ");
                assertThat("CLOSED_" + client.closeCode()).isEqualTo(outcome.name());
            }
            case REFUSED -> isRefused(client, answer);
            case ANYTHING, UNFINISHED -> {
                if (answer.isEmpty()) {
                    client.advance(IDENTIFY_SECONDS);
                    assertThat(client.isOpen()).isFalse();
                } else {
                    isRefused(client, answer);
                }
            }
        }
    }

    /** What may come before the answer, for those alone that ask for it. */
    private String continued() {
        return text.toLowerCase(Locale.ROOT).contains("100-continue") ? "(HTTP/1.1 100 Continue\r\n\r\n)?" : "";
    }

    /** One answer that tells nothing of the server, and the end. */
    private void isRefused(EmbeddedClient client, String answer) {
        assertThat(answer)
                .as(text)
                .matches("(?s)" + continued() + "HTTP/1.1 (400|403|404|413|414|417|426|431) .*\r\n\r\n"
                        + "(\\{\"message\":\"[^\"]*\",\"code\":0})"
                        + (text.startsWith("HEAD ") ? "?" : "")); // a body only if the method could not be read
        assertThat(answer.toLowerCase(Locale.ROOT))
                .contains("content-type: application/json", "connection: close")
                .doesNotContain("server:", "netty", "exception");
        assertThat(client.isOpen()).isFalse();
    }

    private static final class Maker {
        private final Random random;
        private Outcome outcome = Outcome.HELLO;
        private final List<String> headers = new ArrayList<>();

        Maker(Random random) {
            this.random = random;
        }

        FuzzRequest make() {
            String line =
                    pick("GET", "POST", "HEAD", "get", "OPTIONS", "CONNECT", "G\u0000T", "GET\tGET", "X".repeat(5000))
                            + " " + target() + " "
                            + pick(
                                    "HTTP/1.1",
                                    "HTTP/1.0",
                                    "HTTP/2.0",
                                    "HTTP/9.9",
                                    "HTTQ/1.1",
                                    "http",
                                    "HTTP/1.1x",
                                    "HTTP/11");
            header("Host", "localhost", true, "");
            header("Upgrade", random.nextBoolean() ? "websocket" : "WebSocket", false, "h2c", "websocke", "");
            header(
                    "Connection",
                    random.nextBoolean() ? "Upgrade" : "keep-alive, upgrade",
                    false,
                    "close",
                    "keep-alive",
                    "");
            header("Sec-WebSocket-Version", "13", true, "12", "0", "-13", "13, 8", "99999999999", "");
            header(
                    "Sec-WebSocket-Key",
                    KEY,
                    true,
                    "x",
                    "",
                    "dGhlIHNhbXBsZSBub25jZQ",
                    "AAAA",
                    KEY + "=",
                    "é".repeat(12) + "==",
                    "dGhlIHNhbXBsZSBub25jZSE9PT09",
                    "*".repeat(24));
            harmless();
            if (one(8)) {
                wrongHeader();
            }
            Collections.shuffle(headers, random);
            String end = pick("\r\n", "\n");
            String text = line + end + String.join(end, headers) + end + end;
            byte[] after = new byte[0];
            if (one(30)) {
                text = text.substring(0, random.nextInt(text.length() - 3));
                outcome = Outcome.UNFINISHED;
            } else if (one(20)) {
                char[] damaged = text.toCharArray();
                damaged[random.nextInt(damaged.length)] ^= (char) (1 << random.nextInt(8));
                text = new String(damaged);
                outcome = Outcome.ANYTHING;
            } else if (one(6) && outcome != Outcome.UNFINISHED) {
                after = after();
                outcome = outcome == Outcome.REFUSED ? outcome : Outcome.ANYTHING; // if it came too early or not
            }
            return new FuzzRequest(text, after, outcome);
        }

        private String target() {
            if (one(12)) {
                spoil(Outcome.CLOSED_4012);
                return pickOf(
                        "/gateway?v=9",
                        "/gateway/?v=",
                        "/gateway?v=10&v=9",
                        "/gateway?v=%31",
                        "/gateway?v=99999999999999999999");
            }
            if (one(12)) {
                spoil(Outcome.CLOSED_4002);
                return pickOf(
                        "/gateway?encoding=etf", "/gateway?v=10&encoding=", "/gateway?encoding=json&encoding=JSON");
            }
            if (one(10)) {
                outcome = Outcome.REFUSED;
                return pickOf(
                        "/",
                        "//gateway",
                        "*",
                        "/gateways",
                        "/Gateway",
                        "/gateway//",
                        "/gateway?v=%zz",
                        "/gateway?v=%",
                        "/gateway?%f",
                        "/%67ateway",
                        "/gateway/../gateway",
                        "/" + "x".repeat(5000),
                        "?v=10",
                        "/gateway?v=10&compress=gzip",
                        "/gateway;v=10");
            }
            return pickOf(
                    "/gateway",
                    "/gateway/",
                    "/gateway?v=10",
                    "/gateway?encoding=json&v=10&client=other",
                    "/gateway/?",
                    "/gateway?" + "a=b&".repeat(500),
                    "/gateway?v=%31%30",
                    "/gateway?é=%ff",
                    "/gateway?&&==&");
        }

        /** A refusal comes before the upgrade, and so before what is closed after it. */
        private void spoil(Outcome by) {
            if (outcome != Outcome.REFUSED) {
                outcome = by;
            }
        }

        /** The first, or seldom one that is wrong. */
        private String pick(String good, String... wrong) {
            if (!one(15)) {
                return good;
            }
            outcome = Outcome.REFUSED;
            return pickOf(wrong);
        }

        /** A header that is needed: mostly there. */
        private void header(String name, String good, boolean once, String... wrong) {
            String spelled = one(3) ? name.toLowerCase(Locale.ROOT) : name;
            if (one(25)) {
                outcome = Outcome.REFUSED; // missing
            } else if (one(25)) {
                outcome = wrong[0].isEmpty() ? outcome : Outcome.REFUSED;
                headers.add(spelled + ": " + (wrong[0].isEmpty() ? good : pickOf(wrong)));
            } else {
                headers.add(spelled + ":" + " ".repeat(random.nextInt(3)) + good);
                if (one(30)) {
                    headers.add(name + ": " + good);
                    outcome = once ? Outcome.REFUSED : outcome;
                }
            }
        }

        private void harmless() {
            for (int i = one(10) ? random.nextInt(60) : random.nextInt(3); i > 0; i--) {
                headers.add(pickOf(
                        "User-Agent: fuzz",
                        "Cookie: a=b; c=d",
                        "Accept: */*",
                        "X-Empty:",
                        "Origin: http://localhost",
                        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
                        "Sec-WebSocket-Protocol: a, b",
                        "X-Latin: \u00e9",
                        "Content-Length: 0"));
            }
            onceOnly("Content-Length: 0");
            onceOnly("Origin: http://localhost");
        }

        private void onceOnly(String header) {
            while (Collections.frequency(headers, header) > 1) {
                headers.remove(header);
            }
        }

        private void wrongHeader() {
            headers.removeIf(header -> header.startsWith("Content-Length"));
            outcome = Outcome.REFUSED;
            headers.add(pickOf(
                    "X-Huge: " + "x".repeat(9000),
                    "Content-Length: -1",
                    "Content-Length: abc",
                    "Content-Length: 99999",
                    "Content-Length: 1\r\nContent-Length: 2",
                    "Content-Length: 99999999999999999999",
                    "Expect: nothing",
                    "X-Control: a\u0000b",
                    "X Space: 1",
                    "Expect: 100-continue\r\nContent-Length: 9000"));
        }

        /** Bytes that come too early. */
        private byte[] after() {
            return switch (random.nextInt(4)) {
                case 0 -> ClientFrame.text(RfcReader.HEARTBEAT);
                case 1 -> ClientFrame.close(1000, new byte[0]);
                case 2 -> "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
                default -> {
                    byte[] garbage = new byte[1 + random.nextInt(100)];
                    random.nextBytes(garbage);
                    yield garbage;
                }
            };
        }

        private String pickOf(String... choices) {
            return choices[random.nextInt(choices.length)];
        }

        private boolean one(int in) {
            return random.nextInt(in) == 0;
        }
    }
}
