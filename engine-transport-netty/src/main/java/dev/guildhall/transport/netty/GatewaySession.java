package dev.guildhall.transport.netty;

import dev.guildhall.Session;

/** A session whose client came through the gateway. Usable from any thread; nothing blocks. Compared by identity. */
public interface GatewaySession {

    /**
     * The engine's session.
     *
     * @return what to subscribe and send to
     */
    Session session();

    /**
     * Who it is.
     *
     * @return the user the {@link Authenticator} named
     */
    String user();

    /**
     * What the client identified with.
     *
     * @return the identify message
     */
    Identify identify();

    /**
     * Asks the client to connect again and to resume (opcode 7), as before this server stops. Nothing happens if no client is there.
     */
    void reconnect();

    /**
     * Asks the client for a heartbeat at once (opcode 1), and so for the number of the last dispatch it has. Nothing happens if no client is
     * there, if it does not read at the moment, or if it reads a {@linkplain EventStreamOptions stream of events}. A client that does not
     * answer is closed when its own heartbeat is overdue.
     */
    void requestHeartbeat();

    /**
     * Ends the session and closes the client with a code. What was sent to it before is still written as far as the client
     * takes it; commands that wait are not handled any more. The first close of a session decides, later ones change nothing.
     *
     * @param code tells the client whether to come back
     * @param reason one sentence for a person, sent to the client; at most the first 123 bytes of its UTF-8 form
     */
    void close(GatewayCloseCode code, String reason);
}
