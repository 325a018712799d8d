package dev.guildhall.testkit.simulation;

import dev.guildhall.Command;
import dev.guildhall.Delivery;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.GuildStats;
import dev.guildhall.History;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import java.util.TreeMap;

/** A guild of the schedule, plain or with a {@link Room}, and its order as it was read from its history. */
final class Topic {
    static final String CHANGED = "C";

    final World world;
    final String id;
    final boolean hasHandler;

    /** How often its handler has failed, and stayed down. */
    int failures;

    int downs;

    /** Whether the handler in its present call is the only one. */
    boolean inCall;

    /** The number of what a handler was asked last. */
    long lastHandled = -1;

    private final TreeMap<Long, Log> logs = new TreeMap<>();
    private Guild guild;
    private Log log = new Log();
    private boolean used;
    private long lastEpoch;

    Topic(World world, String id, Guild guild, boolean hasHandler) {
        this.world = world;
        this.id = id;
        this.hasHandler = hasHandler;
        this.guild = guild;
        this.lastEpoch = guild.epoch();
        logs.put(lastEpoch, log);
    }

    /** The guild, to be used: if it has ended, this starts another. */
    Guild use() {
        used = true;
        return guild;
    }

    Guild guild() {
        return guild;
    }

    Log log() {
        return log;
    }

    /** The log that an epoch is of. */
    Log logOf(long epoch) {
        var floor = logs.floorEntry(epoch);
        Violation.unless(floor != null, "%s has had no epoch %d", id, epoch);
        return floor.getValue();
    }

    /** Nobody is told what becomes of a message that waited while the guild stayed down or the engine was closed. */
    boolean mayHaveRefusedWhatWaited() {
        return downs > 0 || (world.isDraining() && failures > 0);
    }

    // --- publishing

    void publish() {
        Publication publication = world.publication(this);
        Event event = world.someEvent(publication.id);
        publication.outcome = use().tryPublish(event);
        world.trace.note("publish " + id, publication.id, publication.outcome);
        world.trace.count("publish " + publication.outcome);
        if (publication.outcome == Outcome.ORDERED) {
            Violation.unless(!hasHandler, "%s past its handler", publication);
            refresh();
            publication.receiptOffset = guild.nextOffset() - 1;
        } else {
            Violation.unless(
                    publication.outcome != Outcome.CLOSED || world.isDraining(),
                    "%s, though the engine is open",
                    publication);
        }
        observe();
    }

    // --- who gets what

    void setInterests(String user, long mask) {
        if (hasHandler) {
            askIfPossible(new Room.Decide(user, mask));
            return;
        }
        world.makeRoom(this);
        Outcome outcome = use().setInterests(user, Interests.ofMask(mask));
        observe();
        if (outcome == Outcome.ORDERED) {
            log.decided(user, guild.nextOffset() - 1, mask);
            world.trace.count("interests decided");
        }
    }

    void kick(String user) {
        if (hasHandler) {
            askIfPossible(new Room.Kick(user));
            return;
        }
        world.makeRoom(this);
        Outcome outcome = use().kick(user);
        observe();
        if (outcome == Outcome.ORDERED) {
            log.kicked(user, guild.nextOffset() - 1);
            world.trace.count("kicked");
        }
    }

    private void askIfPossible(Command<?> command) {
        if (world.canTake(this)) {
            world.ask(this, command);
        }
    }

    // --- reading along

    /** Looks for what was ordered. Called often enough that the log does not lose anything meanwhile. */
    void observe() {
        read();
        refresh();
        read();
    }

    private void refresh() {
        if (!used || world.isDraining()) {
            return;
        }
        used = false;
        Guild present = world.engine.guild(id);
        if (present != guild) {
            read();
            world.trace.count("guild passivated");
            guild = present;
            log = new Log();
            logs.put(guild.epoch(), log);
        }
    }

    private void read() {
        long epoch = guild.epoch();
        if (epoch != lastEpoch) {
            Violation.unless(epoch > lastEpoch, "%s: epoch %d after %d", id, epoch, lastEpoch);
            lastEpoch = epoch;
            world.trace.note("epoch " + id, guild.nextOffset(), 0);
        }
        long end = guild.nextOffset();
        Violation.unless(end >= log.next, "%s: the offsets start again, %d after %d", id, end, log.next);
        if (end == log.next) {
            return;
        }
        History history = guild.history(epoch, log.next, Integer.MAX_VALUE);
        Violation.unless(history instanceof History.Events, "%s from %d: %s", id, log.next, history);
        History.Events events = (History.Events) history;
        Violation.unless(events.nextOffset() == end, "%s: %s ends before %d", id, history, end);
        events.events().forEach(this::add);
        log.next = end;
    }

    private void add(Event event) {
        log.add(
                event,
                event.delivery() instanceof Delivery.Ephemeral ephemeral
                        ? world.clock.nanoTime() + ephemeral.ttl().toNanos()
                        : Long.MAX_VALUE);
        world.trace.note("ordered " + id, event.offset(), event.type().hashCode());
        if (event.type().equals("E") || event.type().equals(CHANGED)) {
            Publication publication = world.published(event);
            Violation.unless(publication.topic == this, "%s in %s", publication, id);
            Violation.unless(
                    event.type().equals(CHANGED) == (publication.decision == Publication.Decision.CHANGED),
                    "%s as %s",
                    publication,
                    event);
            publication.ordered++;
            Violation.unless(publication.ordered == 1, "%s is ordered twice", publication);
            Violation.unless(
                    publication.receiptOffset < 0 || publication.receiptOffset == event.offset(),
                    "%s has a receipt for %d and is at %d",
                    publication,
                    publication.receiptOffset,
                    event.offset());
        }
    }

    // --- room in the log

    /** Entries that the slowest lane has not passed. */
    long backlog() {
        return world.engine.hotGuilds(16).stream()
                .filter(stats -> stats.id().equals(id))
                .mapToLong(GuildStats::backlog)
                .findFirst()
                .orElse(0);
    }

    @Override
    public String toString() {
        return "Topic[" + id + "]";
    }
}
