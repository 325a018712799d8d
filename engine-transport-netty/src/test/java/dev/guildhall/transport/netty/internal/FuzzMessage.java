package dev.guildhall.transport.netty.internal;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * A JSON message a client may send before it has identified, and what the documentation says about it.
 *
 * @param text the message
 * @param answer the close code, or the opcode of the answer, or {@link #NONE}
 */
record FuzzMessage(String text, int answer) {
    static final int NONE = -1;

    private static final int DISPATCH = 0;
    private static final int INVALID_SESSION = 9;
    private static final int ACK = 11;

    private static final String[] NO_OPCODES = {
        "\"1\"", "1.0", "1e0", "null", "true", "[1]", "{}", "\"\"", "1.5e300", "-0.0"
    };
    private static final String[] UNKNOWN_OPCODES = {
        "0",
        "5",
        "7",
        "9",
        "10",
        "11",
        "12",
        "99",
        "-1",
        "2147483647",
        "2147483648",
        "-9223372036854775808",
        "123456789012345678901234567890",
        "-0"
    };
    private static final String[] COMMANDS = {"3", "4", "8", "100", "101"};

    private static final String[] GOOD_TOKENS = {
        "\"user:x\"",
        "\"Bot user:y\"",
        "\"\\u0075ser:z\"",
        "\"user:\\ud83d\\ude00\"",
        "\"user:\\\"\\\\\\/\\n\"",
        "\"user:\\u0000\"",
        "\"user:é\"",
        "\"user:\\ud800\"",
        "\"user:\\udc00\\ud800\""
    };
    private static final String[] BAD_TOKENS = {"\"\"", "\"nobody\"", "\"Bot \"", "\"user:\"", "\"\\u0000\""};
    private static final String[] NO_TOKENS = {"null", "1", "true", "[]", "{\"token\":\"user:x\"}"};
    private static final String[] INTENTS = {"0", "1", "513", "9223372036854775807", "-0"};
    private static final String[] NO_INTENTS = {
        "-1", "\"0\"", "null", "1.0", "1e3", "9223372036854775808", "1e400", "[]", "{}", "true", "-9223372036854775808"
    };
    private static final String[] SHARDS = {"null", "[0,1]", "[1,2]", "[2147483646,2147483647]"};
    private static final String[] NO_SHARDS = {
        "[1,1]", "[-1,2]", "[0]", "[0,1,2]", "\"0\"", "[0.0,1]", "[0,99999999999]", "[\"0\",1]", "{}", "0", "[null,1]"
    };

    private static final String[] DAMAGES = {
        "",
        "{",
        "}",
        "[",
        "nul",
        "{\"op\":1",
        "{\"op\":1}}",
        "{\"op\":1} x",
        "{'op':1}",
        "{op:1}",
        "{\"op\":01}",
        "{\"op\":+1}",
        "{\"op\":NaN}",
        "{\"op\":1,}",
        "{\"op\":1,\"d\":}",
        "{\"op\":1,\"d\":\"\\x\"}",
        "{\"op\":1,\"d\":\"\\u12\"}",
        "{\"op\":1,\"d\":\"\t\"}",
        "{\"op\":1}/**/",
        "{\"op\":1}{\"op\":1}",
        "[{\"op\":1}]",
        "\"{\\\"op\\\":1}\"",
        "1",
        "null",
        "{\"op\":1\u0000}",
        "{\"op\":1,\"d\":.5}",
        "{\"op\":1,\"d\":1e}",
        "{\"op\" 1}",
        "{\"op\":1,\"d\":\"",
        "{}",
        "[]",
        "{\"d\":{\"op\":1}}",
        "{\"OP\":1}"
    };

    static FuzzMessage of(long seed) {
        return new Maker(new Random(seed)).make();
    }

    private record Maker(Random random) {
        FuzzMessage make() {
            return switch (random.nextInt(10)) {
                case 0 -> new FuzzMessage(any(DAMAGES), 4002);
                case 1 -> message(any(NO_OPCODES), value(4), 4002);
                case 2 -> message(any(UNKNOWN_OPCODES), value(4), 4001);
                case 3 -> message(any(COMMANDS), value(4), 4003);
                case 4 -> message("1", value(4), ACK);
                case 5 -> message("1", tooMuch(), 4002);
                case 6 -> resume();
                case 7 -> message("2", random.nextBoolean() ? "[" + value(2) + "]" : "\"x\"", 4002);
                default -> identify();
            };
        }

        private FuzzMessage identify() {
            String token = "";
            String intents = "";
            String shard = "";
            int answer = DISPATCH;
            switch (random.nextInt(4)) {
                case 0 -> {
                    answer = 4004;
                    token = any(BAD_TOKENS);
                }
                case 1 -> {
                    answer = 4002;
                    token = random.nextBoolean() ? any(NO_TOKENS) : "";
                }
                default -> token = any(GOOD_TOKENS);
            }
            if (random.nextInt(4) == 0) {
                answer = answer == 4002 ? answer : 4013;
                intents = random.nextBoolean() ? any(NO_INTENTS) : "";
            } else {
                intents = any(INTENTS);
            }
            if (random.nextInt(4) == 0) {
                answer = answer == 4002 || answer == 4013 ? answer : 4010;
                shard = any(NO_SHARDS);
            } else {
                shard = random.nextBoolean() ? any(SHARDS) : "";
            }
            return message(
                    "2",
                    "{" + member("token", token) + member("intents", intents) + member("shard", shard)
                            + "\"properties\":" + value(3) + "}",
                    answer);
        }

        private FuzzMessage resume() {
            boolean good = random.nextBoolean();
            int wrong = good ? NONE : random.nextInt(3);
            String token = wrong == 0 ? any(NO_TOKENS) : any(GOOD_TOKENS);
            String session = wrong == 1 ? any(NO_TOKENS) : "\"" + "f".repeat(random.nextInt(60)) + "\"";
            String seq = wrong == 2 ? any("\"1\"", "1.5", "null", "[]", "9223372036854775808") : any("0", "-1", "7");
            return message(
                    "6",
                    "{" + member("token", token) + member("session_id", session) + "\"seq\":" + seq + "}",
                    good ? INVALID_SESSION : 4002);
        }

        /** The members in any order, with others between them; of two with one name the last counts. */
        private FuzzMessage message(String op, String data, int answer) {
            String before = random.nextInt(4) == 0 ? "\"op\":" + any(UNKNOWN_OPCODES) + "," : "";
            String rest = random.nextBoolean() ? "\"s\":null,\"t\":" + value(1) + "," : "";
            String text = random.nextBoolean()
                    ? "{" + before + rest + "\"d\":" + data + ",\"op\":" + op + "}"
                    : "{" + before + "\"op\":" + op + "," + rest + "\"d\":" + data + "}";
            String spaced = " ".repeat(random.nextInt(3)) + text + "\n".repeat(random.nextInt(3));
            boolean tooLarge = spaced.getBytes(StandardCharsets.UTF_8).length > EmbeddedGateway.MAX_INBOUND_BYTES;
            return new FuzzMessage(spaced, tooLarge ? 4002 : answer);
        }

        /** Above what a parser should take, or what the gateway does. */
        private String tooMuch() {
            int deep = 500 + random.nextInt(1000);
            return switch (random.nextInt(4)) {
                case 0 -> "[".repeat(deep) + "]".repeat(deep);
                case 1 -> "{\"a\":".repeat(deep / 2) + "1" + "}".repeat(deep / 2 - 1);
                case 2 -> "1".repeat(1001 + random.nextInt(2000));
                default -> "\"" + "x".repeat(4096) + "\"";
            };
        }

        /** Any JSON value. */
        private String value(int depth) {
            return switch (random.nextInt(depth > 0 ? 10 : 7)) {
                case 0 -> any("null", "true", "false", "{}", "[]");
                case 1 -> String.valueOf(random.nextLong());
                case 2 ->
                    random.nextInt(10) + "." + random.nextInt(1000)
                            + any("", "e9", "E-9", "e+400", "e-400", "e99999999");
                case 3 -> "-" + (1 + random.nextInt(9)) + "0".repeat(random.nextInt(900));
                case 4 -> "\"" + escaped() + "\"";
                case 5 -> "\"" + "x".repeat(random.nextInt(300)) + "\"";
                case 6 -> "[".repeat(200) + "]".repeat(200);
                case 7 -> "[" + value(depth - 1) + "," + value(depth - 1) + "]";
                default ->
                    "{\"" + escaped() + "\":" + value(depth - 1) + ",\"a\":" + value(depth - 1) + ",\"a\":"
                            + value(depth - 1) + "}";
            };
        }

        private String escaped() {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(5); i > 0; i--) {
                text.append(any(
                        "\\\"",
                        "\\\\",
                        "\\/",
                        "\\b",
                        "\\f",
                        "\\n",
                        "\\r",
                        "\\t",
                        "\\u0000",
                        "\\uFFFF",
                        "\\ud83d\\ude00",
                        "\\ud800",
                        "\\udc00",
                        "é",
                        "\u2028",
                        "😀",
                        "\u007f",
                        "op",
                        "__proto__"));
            }
            return text.toString();
        }

        private static String member(String name, String value) {
            return value.isEmpty() ? "" : "\"" + name + "\":" + value + ",";
        }

        private String any(String... choices) {
            return choices[random.nextInt(choices.length)];
        }
    }
}
