package dev.guildhall.bench.load;

import dev.guildhall.bench.load.Tally.Count;

/**
 * What one session has got: the numbers of its dispatches, which must go up by one over all its connections, and the publishes of its
 * group, if it has been there since the first of them. Of the client's event loop.
 */
final class SessionCheck {
    private final Tally tally;
    private final Ledger ledger;
    private final int group;
    private long lastNumber;

    /** Whether it is due everything that was published. */
    private boolean isWhole;

    private long received;
    private long sum;

    SessionCheck(Tally tally, Ledger ledger, int group) {
        this.tally = tally;
        this.ledger = ledger;
        this.group = group;
    }

    long lastNumber() {
        return lastNumber;
    }

    /** A session begins, with the number of its READY; it is due nothing before {@link #expectAll}. */
    void begin(long number) {
        lastNumber = number;
        isWhole = false;
    }

    /** From now on it is due whatever is published. */
    void expectAll() {
        isWhole = true;
    }

    void follow(long number) {
        long expected = lastNumber + 1;
        if (number < expected) {
            tally.count(Count.NUMBERS_AGAIN);
            return;
        }
        if (number > expected) {
            tally.add(Count.NUMBERS_MISSING, number - expected);
        }
        lastNumber = number;
    }

    void receive(long time) {
        received++;
        sum += Ledger.mixed(time);
    }

    boolean isComplete() {
        return !isWhole || received >= ledger.count(group);
    }

    /** Adds to a balance what is lacking. */
    void judge(Balance balance, boolean isPresent) {
        if (isWhole && isPresent) {
            balance.add(ledger.count(group), ledger.sum(group), received, sum);
        } else if (isWhole) {
            balance.addAbsent();
        }
    }
}
