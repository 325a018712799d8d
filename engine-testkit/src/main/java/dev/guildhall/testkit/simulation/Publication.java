package dev.guildhall.testkit.simulation;

import dev.guildhall.Outcome;

/** Something that was offered to a guild, under a number of its own that its payload begins with. */
final class Publication {
    /** What a handler has said to it. */
    enum Decision {
        NONE,
        ACCEPTED,
        CHANGED,
        REFUSED,
        THREW
    }

    final long id;
    final Topic topic;
    Outcome outcome = Outcome.CLOSED;
    Decision decision = Decision.NONE;

    /** How often it was found in the guild's order. */
    int ordered;

    /** What its receipt says if it got one, else negative. */
    long receiptOffset = -1;

    Publication(long id, Topic topic) {
        this.id = id;
        this.topic = topic;
    }

    void decide(Decision what) {
        Violation.unless(decision == Decision.NONE, "%s was handled twice", this);
        Violation.unless(outcome != Outcome.ORDERED, "%s was ordered before it was handled", this);
        decision = what;
    }

    /** Once nothing happens any more. */
    void checkAccounted() {
        int expected = switch (outcome) {
            case ORDERED -> 1;
            case ENQUEUED -> decision == Decision.ACCEPTED || decision == Decision.CHANGED ? 1 : 0;
            default -> 0;
        };
        Violation.unless(
                ordered == expected, "%s is in the guild's order %d times instead of %d", this, ordered, expected);
        if (outcome == Outcome.ENQUEUED && decision == Decision.NONE) {
            Violation.unless(topic.mayHaveRefusedWhatWaited(), "%s was accepted and never handled", this);
        }
        if (!outcome.isAccepted()) {
            Violation.unless(decision == Decision.NONE, "%s was handled, though not accepted", this);
        }
    }

    @Override
    public String toString() {
        return topic.id + "/" + id + " (" + outcome + ", " + decision + ")";
    }
}
