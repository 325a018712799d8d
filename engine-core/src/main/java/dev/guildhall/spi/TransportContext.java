package dev.guildhall.spi;

import dev.guildhall.Engine;
import dev.guildhall.EngineClock;
import dev.guildhall.Lane;
import dev.guildhall.SessionListener;
import dev.guildhall.SessionOptions;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the engine gives a transport. All methods may be called from any thread and do not block. */
public interface TransportContext {

    /**
     * The engine.
     *
     * @return the engine that started the transport
     */
    Engine engine();

    /**
     * The engine's clock.
     *
     * @return the clock for time limits
     */
    EngineClock clock();

    /**
     * Where application code called by the transport may block.
     *
     * @return runs each task on a virtual thread of its own unless the engine was given another executor
     */
    Executor blockingExecutor();

    /**
     * The lanes this transport's connections may live on.
     *
     * @return the lanes of {@link Transport#laneExecutors()}, in that order, or all of the engine's lanes if there were none
     */
    List<? extends Lane> lanes();

    /**
     * Opens a session of whose life nobody but the engine's listener is told; see the other {@code open}.
     *
     * @param user who the session is, 1 to {@value dev.guildhall.User#MAX_ID_LENGTH} characters
     * @param options how it is set up; {@code inline} has no meaning here
     * @param lane one of {@link #lanes()}
     * @param connection the live link
     * @return the engine's end of the link; null if the engine takes no more sessions, and the connection is not touched then
     * @throws IllegalArgumentException if the user's id is empty or too long
     */
    default @Nullable Attachment open(String user, SessionOptions options, Lane lane, Connection connection) {
        return open(user, options, lane, connection, null);
    }

    /**
     * Opens a session and attaches the connection to it. The session's lane calls the connection from now on, on another
     * thread possibly before this returns; it never does so inside this call.
     *
     * @param user who the session is, 1 to {@value dev.guildhall.User#MAX_ID_LENGTH} characters
     * @param options how it is set up; {@code inline} has no meaning here
     * @param lane one of {@link #lanes()}
     * @param connection the live link
     * @param listener told of this session's life, before the {@linkplain dev.guildhall.EngineBuilder#sessionListener engine's own}
     *     listener and in the same order with the client's {@linkplain Attachment#command commands}: the session may end when no
     *     connection is there that could be told. Null for nobody
     * @return the engine's end of the link; null if the engine takes no more sessions, and neither the connection nor the listener is
     *     touched then
     * @throws IllegalArgumentException if the user's id is empty or too long
     */
    @Nullable
    Attachment open(
            String user, SessionOptions options, Lane lane, Connection connection, @Nullable SessionListener listener);

    /**
     * Attaches a connection to the session of a client that comes back. If the session lives on another lane, it moves to this
     * one. If another connection is attached, it is closed with {@link dev.guildhall.CloseReason.Kind#REPLACED}.
     *
     * @param request what the client says
     * @param lane one of {@link #lanes()}
     * @param connection the new link
     * @param answer called once, on the lane, before the connection is; possibly before this method returns, but never inside
     *     it. It must neither block nor throw
     * @throws IllegalArgumentException if the lane is not one of this transport's
     */
    void resume(ResumeRequest request, Lane lane, Connection connection, Consumer<ResumeResult> answer);
}
