package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import java.util.stream.IntStream;

/** Further subscriptions of sessions that are open, in guilds that have others: each session has {@value #GUILDS}. */
final class SubscriptionHoard implements Hoard {
    private static final int GUILDS = 100;

    private final Engine engine = Engine.open();
    private final Guild[] guilds =
            IntStream.range(0, GUILDS).mapToObj(i -> engine.guild("guild-" + i)).toArray(Guild[]::new);
    private final Session[] sessions;

    /** For a multiple of {@value #GUILDS} of them. */
    SubscriptionHoard(int count) {
        Session[] first = new Session[engine.lanes().size()]; // each guild has a slice on each lane
        for (int i = 0; i < first.length; i++) {
            first[i] = open();
            enterAll(first[i]);
        }
        sessions = new Session[count / GUILDS];
        for (int i = 0; i < sessions.length; i++) {
            sessions[i] = open();
        }
    }

    private Session open() {
        return engine.openSession("user", SessionOptions.DEFAULT.withInline(), event -> {});
    }

    private void enterAll(Session session) {
        for (Guild guild : guilds) {
            Outcome outcome = session.subscribe(guild).outcome();
            if (outcome != Outcome.ORDERED) {
                throw new IllegalStateException("a subscription of " + session + " was " + outcome);
            }
        }
    }

    @Override
    public void fill() {
        for (Session session : sessions) {
            enterAll(session);
        }
        Event last = Event.of("MEMORY", "x");
        for (Guild guild : guilds) {
            guild.publishCounted(last)
                    .deliveries()
                    .toCompletableFuture()
                    .join(); // all lanes have passed the entries before it
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
