package dev.guildhall.examples.chat.community;

import dev.guildhall.examples.chat.api.Refusal;

/** What a guild answers to a command. A refusal is an answer, not a failure of the guild, which would be started again for it. */
sealed interface Answer<R> {

    /** It is done, and this came of it. */
    record Granted<R>(R value) implements Answer<R> {}

    /** Nothing was changed. */
    record Refused<R>(Refusal refusal) implements Answer<R> {}

    default R orThrow() {
        return switch (this) {
            case Granted<R>(R value) -> value;
            case Refused<R>(Refusal refusal) -> throw refusal;
        };
    }
}
