package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscriber;
import java.util.function.IntFunction;

/** Sessions of application code, with one subscription each, that have received some events. What the engine makes for each counts. */
final class SubscriberHoard implements Hoard {
    private static final int EVENTS = 10;

    private final int count;
    private final SessionOptions options;
    private final IntFunction<String> users;
    private final Engine engine = Engine.open();
    private final Guild guild = engine.guild("memory");
    private final Subscriber subscriber = event -> {};

    SubscriberHoard(int count, SessionOptions options, IntFunction<String> users) {
        this.count = count;
        this.options = options;
        this.users = users;
        open(0);
        publish(1);
    }

    private void open(int number) {
        engine.openSession(users.apply(number), options, subscriber).subscribe(guild);
    }

    private void publish(int sessions) {
        long expected = engine.stats().written() + (long) sessions * EVENTS;
        for (int i = 0; i < EVENTS; i++) {
            guild.publish(Event.of("MEMORY", "x"));
        }
        Patience.await("the last event", () -> engine.stats().written() == expected);
    }

    @Override
    public void fill() {
        for (int i = 1; i <= count; i++) {
            open(i);
        }
        publish(count + 1);
    }

    @Override
    public void close() {
        engine.close();
    }
}
