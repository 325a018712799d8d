package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.Event;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishRequest;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Guilds in which one event was published, with or without a handler. Their names count. Nobody is subscribed. */
final class GuildHoard implements Hoard {
    private final int count;
    private final Engine engine;
    private final LongAdder handled = new LongAdder();
    private final boolean withHandler;

    GuildHoard(int count, boolean withHandler) {
        this.count = count;
        this.withHandler = withHandler;
        EngineBuilder builder = Engine.builder().maxGuilds(count + 1).guildIdleTimeout(Duration.ofHours(1));
        if (withHandler) {
            GuildHandler handler = new GuildHandler() {
                @Override
                public PublishDecision onPublish(GuildContext guild, PublishRequest request) {
                    handled.increment();
                    return PublishDecision.accept();
                }
            };
            builder.guildHandlers(id -> handler);
        }
        engine = builder.open();
        open(0, 1);
    }

    private void open(int from, int to) {
        for (int i = from; i < to; i++) {
            engine.guild("guild-" + i).publish(Event.of("MEMORY", "x"));
        }
        Patience.await("all handlers", () -> !withHandler || handled.sum() == to);
    }

    @Override
    public void fill() {
        open(1, count + 1);
    }

    @Override
    public void close() {
        engine.close();
    }
}
