package dev.guildhall.bench.load;

import java.util.Map;

/** What a client of the protocol makes of the codes that it is closed with. */
final class CloseCode {
    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int INVALID_NUMBER = 4007;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(NORMAL, "normal"),
            Map.entry(GOING_AWAY, "going away"),
            Map.entry(1002, "protocol error"),
            Map.entry(Link.NO_CLOSE_FRAME, "no close frame"),
            Map.entry(4000, "unknown error"),
            Map.entry(4001, "unknown opcode"),
            Map.entry(4002, "decode error"),
            Map.entry(4003, "not authenticated"),
            Map.entry(4004, "authentication failed"),
            Map.entry(4005, "already authenticated"),
            Map.entry(INVALID_NUMBER, "invalid seq"),
            Map.entry(4008, "rate limited"),
            Map.entry(4009, "session timed out"),
            Map.entry(4010, "invalid shard"),
            Map.entry(4011, "sharding required"),
            Map.entry(4012, "invalid API version"),
            Map.entry(4013, "invalid intents"),
            Map.entry(4014, "disallowed intents"));

    private CloseCode() {}

    /** Whether coming back would end the same way. */
    static boolean isFinal(int code) {
        return switch (code) {
            case 4004, 4010, 4011, 4012, 4013, 4014 -> true;
            default -> false;
        };
    }

    /** Whether there is nothing left to resume. */
    static boolean endsSession(int code) {
        return code == NORMAL || code == GOING_AWAY || code == INVALID_NUMBER || isFinal(code);
    }

    static String name(int code) {
        return NAMES.getOrDefault(code, "");
    }
}
