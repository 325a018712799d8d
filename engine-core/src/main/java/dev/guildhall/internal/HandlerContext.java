package dev.guildhall.internal;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildContext;
import dev.guildhall.Receipt;

/** The view that a handler has of its guild. It is good in the guild's turns only. */
record HandlerContext(LocalGuild guildOfTurns, LocalEngine engineOfGuild, GuildTurns turns) implements GuildContext {

    @Override
    public Guild guild() {
        requireTurn();
        return guildOfTurns;
    }

    @Override
    public Engine engine() {
        requireTurn();
        return engineOfGuild;
    }

    @Override
    public Receipt publish(Event event) {
        requireTurn();
        return turns.append((LogEvent) event);
    }

    private void requireTurn() {
        if (GuildTurns.current() != turns) {
            throw new IllegalStateException("the context of " + guildOfTurns.id()
                    + " can be used in its handler's calls only, was used by " + Thread.currentThread());
        }
    }

    @Override
    public String toString() {
        return "GuildContext[" + guildOfTurns + "]";
    }
}
