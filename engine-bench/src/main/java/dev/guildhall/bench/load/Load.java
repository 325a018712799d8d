package dev.guildhall.bench.load;

/** What all clients of a load have in common. */
record Load(Scenario scenario, Tally tally, Ledger ledger, Dialer dialer, Stamp stamp) {

    /** Notes how late a publish left. */
    void left(long due) {
        if (ledger.isMeasured(due)) {
            tally.delays().recordValue(Math.max(0, System.nanoTime() - due));
        }
    }
}
