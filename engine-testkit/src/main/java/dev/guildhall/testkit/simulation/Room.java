package dev.guildhall.testkit.simulation;

import dev.guildhall.Admission;
import dev.guildhall.Command;
import dev.guildhall.Event;
import dev.guildhall.GuildContext;
import dev.guildhall.GuildHandler;
import dev.guildhall.GuildStopReason;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import dev.guildhall.PublishDecision;
import dev.guildhall.PublishRequest;
import dev.guildhall.Receipt;
import dev.guildhall.RefusedException;
import dev.guildhall.SubscribeRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A handler that does what handlers do, the seed decides what: accepts, changes, refuses, publishes itself, and throws anywhere. */
final class Room implements GuildHandler {
    /** The handler publishes something and replies with the receipt. */
    record Say() implements Command<Receipt> {}

    /** The handler gives a user interests. */
    record Decide(String user, long mask) implements Command<Outcome> {}

    /** The handler ends a user's subscriptions. */
    record Kick(String user) implements Command<Outcome> {}

    private final World world;
    private final String id;
    private boolean stopped;

    Room(World world, String id) {
        this.world = world;
        this.id = id;
    }

    @Override
    public void onStart(GuildContext guild) {
        in("start", () -> {
            if (!world.isCalm() && world.random.nextInt(8) == 0 && world.conditions.failing() > 0) {
                throw new Deliberate();
            }
            if (world.random.nextInt(4) == 0) {
                publish(guild, Outcome.ENQUEUED);
            }
            return "";
        });
    }

    @Override
    public Admission onSubscribe(GuildContext guild, SubscribeRequest request) {
        return in("subscribe", () -> switch (world.random.nextInt(8)) {
            case 0 -> Admission.refuse();
            case 1 -> {
                long mask = world.someMask();
                world.client(request.session()).admitted(topic(), mask);
                yield Admission.accept(Interests.ofMask(mask));
            }
            case 2 -> Admission.accept().withWelcome(List.of(Event.of("WELCOME", id)));
            default -> Admission.accept();
        });
    }

    @Override
    public PublishDecision onPublish(GuildContext guild, PublishRequest request) {
        Publication publication = world.published(request.event());
        return in("publish", publication, () -> switch (world.random.nextInt(10)) {
            case 0 -> {
                publication.decide(Publication.Decision.REFUSED);
                yield PublishDecision.refuse();
            }
            case 1 -> {
                publication.decide(Publication.Decision.CHANGED);
                yield PublishDecision.change(
                        Event.of(Topic.CHANGED, request.event().text())
                                .needing(request.event().need())
                                .withDelivery(request.event().delivery()));
            }
            case 2 -> {
                publish(guild, Outcome.ORDERED);
                publication.decide(Publication.Decision.ACCEPTED);
                yield PublishDecision.accept();
            }
            default -> {
                publication.decide(Publication.Decision.ACCEPTED);
                yield PublishDecision.accept();
            }
        });
    }

    @Override
    public @Nullable Object onCommand(GuildContext guild, Command<?> command) {
        return in("command", () -> switch (command) {
            case Say _ when world.random.nextInt(4) == 0 -> throw new RefusedException("no");
            case Say _ -> publish(guild, Outcome.ORDERED);
            case Decide decide -> {
                Outcome outcome = guild.guild().setInterests(decide.user(), Interests.ofMask(decide.mask()));
                if (outcome == Outcome.ORDERED) {
                    topic().log().decided(decide.user(), guild.guild().nextOffset() - 1, decide.mask());
                }
                yield outcome;
            }
            case Kick kick -> {
                Outcome outcome = guild.guild().kick(kick.user());
                if (outcome == Outcome.ORDERED) {
                    topic().log().kicked(kick.user(), guild.guild().nextOffset() - 1);
                }
                yield outcome;
            }
            default -> throw new Violation("an unknown command " + command);
        });
    }

    @Override
    public void onTick(GuildContext guild) {
        in("tick", () -> publish(guild, Outcome.ORDERED));
    }

    @Override
    public void onStop(GuildContext guild, GuildStopReason reason) {
        in("stop", () -> {
            stopped = true;
            return "";
        });
    }

    private Topic topic() {
        return world.topic(id);
    }

    private Receipt publish(GuildContext guild, Outcome expected) {
        Publication publication = world.publication(topic());
        publication.decide(Publication.Decision.ACCEPTED);
        Receipt receipt = guild.publish(world.someEvent(publication.id));
        publication.outcome = receipt.outcome();
        publication.receiptOffset = receipt.offset();
        Violation.unless(receipt.outcome() == expected, "%s", publication);
        return receipt;
    }

    private interface Call<T> {
        T call();
    }

    private <T> T in(String what, Call<T> call) {
        return in(what, null, call);
    }

    /** Whatever a handler is called for: one call at a time, and now and then it throws. */
    private <T> T in(String what, @Nullable Publication handled, Call<T> call) {
        world.trace.note(what + " " + id, 0, 0);
        world.trace.count("handler " + what);
        world.noting(() -> {
            Violation.unless(!topic().inCall, "%s is called while it is called", topic());
            Violation.unless(!stopped, "%s is called after its end", topic());
            if (handled != null) {
                Violation.unless(handled.id > topic().lastHandled, "%s after %d", handled, topic().lastHandled);
                topic().lastHandled = handled.id;
            }
        });
        topic().inCall = true;
        try {
            if (!world.isCalm() && world.random.nextInt(1_000) < world.conditions.failing()) {
                world.trace.count("handler throws in " + what);
                if (handled != null) {
                    handled.decide(Publication.Decision.THREW);
                }
                throw new Deliberate();
            }
            return call.call();
        } catch (Violation e) {
            world.failed(e);
            throw e;
        } finally {
            topic().inCall = false;
        }
    }
}
