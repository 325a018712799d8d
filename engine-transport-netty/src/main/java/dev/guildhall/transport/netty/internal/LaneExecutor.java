package dev.guildhall.transport.netty.internal;

import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * An event loop as a lane's executor: serial, and fair to the loop's sockets.
 *
 * <p>A lane with more work than its budget submits itself again at the end of its turn. A Netty event loop looks at its
 * sockets only when its task queue is empty or, checked every 64 tasks, when a second has gone by. A flooded lane would thus
 * starve the heartbeats and commands of its own clients. What a turn submits to its own loop is therefore scheduled with no
 * delay instead: scheduled tasks are fetched once per iteration, so the sockets get their look between two turns.
 *
 * <p><b>Threads.</b> {@link #execute} is called by anyone; {@code inTurn} is read and written on the event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a turn handles its own failures; nobody waits for its end
final class LaneExecutor implements Executor {
    private final EventLoop loop;
    private boolean inTurn;

    LaneExecutor(EventLoop loop) {
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    @Override
    public void execute(Runnable turn) {
        if (loop.inEventLoop() && inTurn) {
            loop.schedule(() -> run(turn), 0, TimeUnit.NANOSECONDS);
        } else {
            loop.execute(() -> run(turn));
        }
    }

    private void run(Runnable turn) {
        inTurn = true;
        try {
            turn.run();
        } finally {
            inTurn = false;
        }
    }
}
