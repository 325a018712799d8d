package dev.guildhall.internal;

import dev.guildhall.Admission;
import dev.guildhall.AskException;
import dev.guildhall.Command;
import dev.guildhall.CountedReceipt;
import dev.guildhall.GuildHandler;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import dev.guildhall.PublishOptions;
import dev.guildhall.Receipt;
import dev.guildhall.RefusedException;
import dev.guildhall.SubscribeRequest;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something that waits for a guild's handler. It is {@linkplain #handle handled} or {@linkplain #refuse refused}, once, in a turn. */
abstract sealed class GuildMessage {

    /** The handler's method, or the command, for counting. */
    abstract String kind();

    /** Lets the handler have it. What this throws is the handler's failure, {@link RefusedException} apart. */
    abstract void handle(GuildTurns turns, GuildHandler handler) throws Exception;

    /** It is not handled, or the handler has failed on it. */
    abstract void refuse(Outcome why, @Nullable Throwable cause);

    /** To be published. */
    static final class Publish extends GuildMessage {
        private final LogEvent event;
        private final PublishOptions options;
        private final @Nullable CompletableFuture<Receipt> receipt;

        /**
         * @param receipt null if nobody waits for it
         */
        Publish(LogEvent event, PublishOptions options, @Nullable CompletableFuture<Receipt> receipt) {
            this.event = event;
            this.options = options;
            this.receipt = receipt;
        }

        @Override
        String kind() {
            return "onPublish";
        }

        @Override
        void handle(GuildTurns turns, GuildHandler handler) throws Exception {
            String key = options.idempotencyKey();
            Receipt earlier = key == null ? null : turns.keys().find(key);
            if (earlier != null) {
                answer(earlier);
                return;
            }
            LogEvent agreed = turns.decide(handler, event, options);
            if (agreed == null) {
                refuse(Outcome.REFUSED, null);
                return;
            }
            Receipt ordered = turns.append(agreed);
            if (key != null && ordered.outcome() == Outcome.ORDERED) {
                turns.keys().add(key, ordered);
            }
            answer(ordered);
        }

        @Override
        void refuse(Outcome why, @Nullable Throwable cause) {
            answer(new Receipt(why, 0, -1));
        }

        private void answer(Receipt answer) {
            if (receipt != null) {
                receipt.complete(answer);
            }
        }
    }

    /** To be published, and its deliveries counted. */
    static final class PublishCounted extends GuildMessage {
        private final LogEvent event;
        private final CompletableFuture<CountedReceipt> receipt;

        PublishCounted(LogEvent event, CompletableFuture<CountedReceipt> receipt) {
            this.event = event;
            this.receipt = receipt;
        }

        @Override
        String kind() {
            return "onPublish";
        }

        @Override
        void handle(GuildTurns turns, GuildHandler handler) throws Exception {
            LogEvent agreed = turns.decide(handler, event, PublishOptions.NONE);
            if (agreed == null) {
                refuse(Outcome.REFUSED, null);
            } else {
                receipt.complete(turns.appendCounted(agreed));
            }
        }

        @Override
        void refuse(Outcome why, @Nullable Throwable cause) {
            receipt.complete(LocalGuild.uncounted(new Receipt(why, 0, -1)));
        }
    }

    /** Something that the engine says, whatever the handler thinks of it. */
    static final class Announce extends GuildMessage {
        private final LogEvent event;
        private final Runnable refused;

        /**
         * @param refused called in the turn if the event is not told after all
         */
        Announce(LogEvent event, Runnable refused) {
            this.event = event;
            this.refused = refused;
        }

        @Override
        String kind() {
            return "presence";
        }

        @Override
        void handle(GuildTurns turns, GuildHandler handler) {
            turns.append(event);
        }

        @Override
        void refuse(Outcome why, @Nullable Throwable cause) {
            refused.run();
        }
    }

    /** A session wants to be let in. */
    static final class Subscribe extends GuildMessage {
        private final LocalSubscription subscription;

        Subscribe(LocalSubscription subscription) {
            this.subscription = subscription;
        }

        @Override
        String kind() {
            return "onSubscribe";
        }

        @Override
        void handle(GuildTurns turns, GuildHandler handler) throws Exception {
            if (!subscription.isLive()) {
                refuse(Outcome.CLOSED, null);
                return;
            }
            InterestSet asked = subscription.interests();
            Admission admission = Objects.requireNonNull(
                    handler.onSubscribe(turns.context(), new SubscribeRequest(subscription.session, asked)),
                    "onSubscribe answered null");
            if (!admission.isAccepted()) {
                refuse(Outcome.REFUSED, null);
                return;
            }
            Interests granted = admission.interests();
            subscription.admit(granted == null ? asked : (InterestSet) granted, turns.asSent(admission.welcome()));
            Outcome outcome = turns.begin(subscription);
            if (outcome == Outcome.ORDERED) {
                subscription.tellSettled();
            } else {
                refuse(outcome, null);
            }
        }

        @Override
        void refuse(Outcome why, @Nullable Throwable cause) {
            subscription.refuse(why);
            subscription.session.forget(subscription);
            subscription.tellSettled();
        }
    }

    /** A question. */
    static final class Ask extends GuildMessage {
        private final Command<?> command;
        private final CompletableFuture<@Nullable Object> reply;

        Ask(Command<?> command, CompletableFuture<@Nullable Object> reply) {
            this.command = command;
            this.reply = reply;
        }

        @Override
        String kind() {
            return command.getClass().getSimpleName();
        }

        @Override
        void handle(GuildTurns turns, GuildHandler handler) throws Exception {
            if (!reply.isDone()) { // or whoever asked has given up
                reply.complete(handler.onCommand(turns.context(), command));
            }
        }

        @Override
        void refuse(Outcome why, @Nullable Throwable cause) {
            reply.completeExceptionally(
                    cause instanceof RefusedException
                            ? cause
                            : new AskException(why, "no reply to " + kind() + ": the guild is " + why, cause));
        }
    }
}
