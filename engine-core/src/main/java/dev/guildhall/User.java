package dev.guildhall;

import dev.guildhall.internal.LocalUser;
import java.util.List;

/**
 * Somebody who may have any number of sessions with this engine, or none. It is a name: making one costs nothing, and the
 * engine holds nothing for a user without sessions. Any thread may use it, and nothing here blocks.
 */
public sealed interface User permits LocalUser {

    /** Longest id of a user, in characters. */
    int MAX_ID_LENGTH = 200;

    /**
     * Who it is.
     *
     * @return the id
     */
    String id();

    /**
     * What the user's sessions say together at this moment, {@link Presence.Status#INVISIBLE} included. Each change of a
     * session is in it or not; there is no moment in between.
     *
     * @return a snapshot; {@link Presence#OFFLINE} without an open session
     */
    Presence presence();

    /**
     * The user's sessions, those included that wait to be resumed or are about to end.
     *
     * @return an immutable snapshot, oldest first
     */
    List<Session> sessions();

    /**
     * Sends an event to every session that the user has at this moment, as {@link Session#send} does. There is no order between
     * it and what guilds publish.
     *
     * @param event what to send
     * @return how many sessions took it, and why others did not
     */
    Sent send(Event event);
}
