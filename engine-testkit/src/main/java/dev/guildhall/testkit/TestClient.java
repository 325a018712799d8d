package dev.guildhall.testkit;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.Subscription;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.Received;
import dev.guildhall.spi.ResumeResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's client at the far end of an in-memory connection: it reads, stops reading, loses its connection, and comes back. What it has
 * received is kept over all its connections. Used by the test's thread; the engine's side of everything happens in
 * {@link TestEngine#settle}, which the assertions call by themselves.
 */
public final class TestClient {
    private final TestEngine engine;
    private final Session session;
    private final List<Received> received = new ArrayList<>();
    private InMemoryClient link;
    private boolean stalled;
    private boolean gone;

    TestClient(TestEngine engine, InMemoryClient link) {
        this.engine = engine;
        this.link = link;
        this.session = link.session();
    }

    /**
     * Who it is.
     *
     * @return the user's id
     */
    public String user() {
        return session.user();
    }

    /**
     * Its session in the engine, which outlives its connections.
     *
     * @return the session
     */
    public Session session() {
        return session;
    }

    /**
     * Subscribes its session to everything in a guild.
     *
     * @param guild to what
     * @return the subscription
     */
    public Subscription subscribe(Guild guild) {
        return session.subscribe(guild);
    }

    /**
     * Subscribes its session to a part of what happens in a guild.
     *
     * @param guild to what
     * @param interests what it gets
     * @return the subscription
     */
    public Subscription subscribe(Guild guild, Interests interests) {
        return session.subscribe(guild, interests);
    }

    /**
     * Sends a command to the application.
     *
     * @param command what to send
     * @return what became of it
     */
    public Outcome send(Event command) {
        return link.send(command);
    }

    /**
     * All that it has received so far, or since {@link #forget}.
     *
     * @return events with their numbers, in the order in which they came; a resume brings none twice
     */
    public List<Received> received() {
        engine.settle();
        return List.copyOf(received);
    }

    /** Forgets what it has received up to now, for a test that looks at what comes next. */
    public void forget() {
        engine.settle();
        received.clear();
    }

    /** Stops reading, like a client whose socket is full. Everything that it was sent until now arrives. */
    public void stall() {
        engine.settle();
        stalled = true;
        link.stall();
    }

    /** Reads again. */
    public void unstall() {
        stalled = false;
        link.unstall();
    }

    /** Tells the session that everything received so far has arrived, so that it need not be kept for a resume. */
    public void acknowledge() {
        engine.settle();
        link.acknowledge();
    }

    /** Loses its connection, and with it what is on its way. Its session waits for it to come back. */
    public void cut() {
        link.disconnect();
    }

    /**
     * Loses its connection while the engine is writing to it.
     *
     * @param events how many more arrive; the rest is lost on the way
     * @throws IllegalArgumentException if the number is negative
     */
    public void cutAfter(int events) {
        link.disconnectAfter(events);
    }

    /**
     * Comes back to its session with a new connection, from the last event it has received. If the engine refuses it, it stays without a
     * connection.
     *
     * @return the engine's answer
     */
    public ResumeResult resume() {
        engine.settle();
        InMemoryClient next = link.resume();
        ResumeResult result = engine.await(next.resumption());
        if (result instanceof ResumeResult.Resumed) {
            link = next;
            stalled = false;
            engine.settle();
        }
        return result;
    }

    /** Says goodbye, if it has not done so: its session ends, also if it waits for the client to come back. */
    public void leave() {
        if (gone) {
            return;
        }
        gone = true;
        boolean isHeard = session.isAttached();
        link.leave();
        if (!isHeard) {
            session.close(CloseReason.CLIENT_LEFT); // nobody listens to a connection that was lost before
        }
    }

    /**
     * Why the engine has closed its present connection.
     *
     * @return the reason; null while the connection is there, and {@link CloseReason#CONNECTION_LOST} after {@link #cut}
     */
    public @Nullable CloseReason closeReason() {
        engine.settle();
        return link.closed().getNow(null);
    }

    /**
     * Whether the engine, when it closed the connection, said that the session can be resumed.
     *
     * @return false before that
     */
    public boolean wasToldToResume() {
        engine.settle();
        return link.wasToldToResume();
    }

    /** Takes what has arrived; the engine is at rest. */
    void read() {
        if (stalled) {
            return;
        }
        for (Received next = link.poll(); next != null; next = link.poll()) {
            received.add(next);
        }
    }

    @Override
    public String toString() {
        return "TestClient[" + user() + ", " + received.size() + " received" + (stalled ? ", stalled" : "") + "]";
    }
}
