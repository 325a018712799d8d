package dev.guildhall.testkit.contract;

import dev.guildhall.spi.ResumeResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The far end of a transport, as its contract needs it. Used by one thread. */
public interface RemoteClient {

    /**
     * An event as it arrived.
     *
     * @param type its type
     * @param text its payload
     * @param seq its number in the session
     */
    record Arrived(String type, String text, long seq) {}

    /**
     * The next event that the client has got, but for those that the transport makes itself, such as a greeting.
     *
     * @param patience how long to wait
     * @return the event; null if none came
     * @throws InterruptedException if interrupted while waiting
     */
    @Nullable
    Arrived next(Duration patience) throws InterruptedException;

    /** Reads no more. What has been read by then, by lower layers for instance, may still come out of {@link #next}. */
    void stall();

    /** Reads again. */
    void unstall();

    /**
     * Sends a command to the application.
     *
     * @param text of digits
     */
    void send(String text);

    /** Vanishes, as if the network were gone. */
    void cut();

    /** Says goodbye, so that the session ends. */
    void leave();

    /**
     * Waits until this side has heard that the connection is closed.
     *
     * @param patience how long to wait
     * @return whether it is
     * @throws InterruptedException if interrupted while waiting
     */
    boolean isClosed(Duration patience) throws InterruptedException;

    /**
     * Comes back to the session, from the last event that {@link #next} has given.
     *
     * @return the client's new end, which is connected if it was resumed
     * @throws Exception if that fails for a reason other than a refusal, such as that nobody listens
     */
    Resumed resume() throws Exception;

    /**
     * Comes back to the session, be what it says true or not.
     *
     * @param user who it says it is; a user who could connect
     * @param lastSeq the number of the last event that it says it has
     * @return the client's new end, which is connected if it was resumed
     * @throws Exception if that fails for a reason other than a refusal, such as that nobody listens
     */
    Resumed resume(String user, long lastSeq) throws Exception;

    /**
     * What became of a client that has come back.
     *
     * @param client its new end; null if it was refused
     * @param reason why it was refused, if the transport tells; else null
     */
    record Resumed(@Nullable RemoteClient client, ResumeResult.@Nullable Reason reason) {}
}
