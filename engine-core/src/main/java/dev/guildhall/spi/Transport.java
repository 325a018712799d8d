package dev.guildhall.spi;

import java.util.List;
import java.util.concurrent.Executor;

/**
 * Accepts connections and attaches them to sessions. The engine that was built with it starts it once and closes it once.
 */
public interface Transport extends AutoCloseable {

    /**
     * Serial executors, such as event loops, that shall be the engine's lanes, so that a delivery needs no further hand-off
     * to reach the socket. Called once, before {@link #start}.
     *
     * @return one executor per lane; each must run its tasks one after the other. Empty if the transport has none: its
     *     sessions then live on the engine's own lanes
     */
    default List<? extends Executor> laneExecutors() {
        return List.of();
    }

    /**
     * Begins to accept. May block until it does.
     *
     * @param context the engine's side
     * @throws Exception if it cannot accept, for instance because a port is taken; the engine then does not open
     */
    void start(TransportContext context) throws Exception;

    /** Accepts nothing more; connections live on. Called when the engine starts to drain. Must not throw. */
    void stopAccepting();

    /**
     * Frees everything. Called once: after all sessions were closed, or, whether it was started or not, when the engine does not open
     * because a transport has failed. May block. Must not throw.
     */
    @Override
    void close();
}
