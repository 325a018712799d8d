package dev.guildhall.bench.rivals;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.bench.DirectTransport;
import dev.guildhall.bench.Figures;
import dev.guildhall.bench.Recipient;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * How many sessions a second can be opened, subscribed and closed? One thread opens 10,000 with a connection each, every one of a user of
 * its own and subscribed in one of 100 guilds, closes all of them, and waits until the engine says that they have ended.
 */
final class SessionsRun {
    private static final int GUILDS = 100;
    private static final int SESSIONS = 10_000;
    private static final int WARM_UP_ROUNDS = 60;
    private static final int ROUNDS = 61;
    private static final double LEAST_PER_SECOND = 500_000;
    private static final long POLL_NANOS = 20_000;

    private final String[] users = new String[SESSIONS];
    private final Guild[] guilds = new Guild[GUILDS];
    private final Session[] sessions = new Session[SESSIONS];
    private long opened;

    /** Measures and prints. */
    void measure() {
        Arrays.setAll(users, i -> "user-" + i);
        DirectTransport transport = new DirectTransport();
        try (Engine engine = Engine.builder().transport(transport).open()) {
            Arrays.setAll(guilds, i -> engine.guild("bench-" + i));
            double[] perSecond = new double[ROUNDS];
            for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
                double measured = perSecond(engine, transport);
                if (round >= 0) {
                    perSecond[round] = measured;
                }
            }
            Figures.printGatedFromBelow("sessions.open-close-per-second", perSecond, LEAST_PER_SECOND);
        }
    }

    private double perSecond(Engine engine, DirectTransport transport) {
        CloseReason reason = CloseReason.REQUESTED;
        long began = System.nanoTime();
        for (int i = 0; i < SESSIONS; i++) {
            Session session = transport
                    .open(i, users[i], SessionOptions.DEFAULT, new DirectTransport.Link(new Recipient()))
                    .session();
            session.subscribe(guilds[i % GUILDS], GuildhallFanOut.MASK);
            sessions[i] = session;
        }
        for (Session session : sessions) {
            session.close(reason);
        }
        opened += SESSIONS;
        while (engine.stats().sessionsClosed() < opened) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        return SESSIONS * 1e9 / (System.nanoTime() - began);
    }
}
