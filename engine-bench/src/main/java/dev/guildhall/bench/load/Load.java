package dev.guildhall.bench.load;

/** What all clients of a load have in common. */
record Load(Scenario scenario, Tally tally, Ledger ledger, Dialer dialer, Stamp stamp) {}
