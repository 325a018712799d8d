package dev.guildhall.bench;

import java.util.List;

/** What the clients of a {@link PeerLoad} say to a server, all of it in texts. */
enum PeerDialect {
    /** Nothing before the first event, and texts as they are. */
    PLAIN("/gateway?peer=1", "", ""),

    /** The gateway's own protocol: identify after hello, and a heartbeat after READY, whose answer says that READY was read. */
    GATEWAY("/gateway?peer=1", "", ""),

    /** Engine.IO 4 over a WebSocket and Socket.IO 5 in it: the default namespace, and texts as the argument of an event. */
    SOCKET_IO("/socket.io/?EIO=4&transport=websocket", "42[\"say\",\"", "\"]");

    private static final String IDENTIFY = "{\"op\":2,\"d\":{\"token\":\"peer\",\"properties\":{},\"intents\":0}}";
    private static final String HEARTBEAT = "{\"op\":1,\"d\":1}";
    private static final String CONNECT = "40";

    /** What is asked for in the upgrade. */
    final String path;

    private final String before;
    private final String after;

    PeerDialect(String path, String before, String after) {
        this.path = path;
        this.before = before;
        this.after = after;
    }

    /** What each of the server's first messages is answered with; one more follows, and the client is there. */
    List<String> answers() {
        return switch (this) {
            case PLAIN -> List.of();
            case GATEWAY -> List.of(IDENTIFY, HEARTBEAT);
            case SOCKET_IO -> List.of(CONNECT);
        };
    }

    /** A message that says the text. */
    String message(String text) {
        return before + text + after;
    }
}
