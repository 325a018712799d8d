package dev.guildhall.bench.load;

/** What sessions have got of what was published, in the end. Of one thread. */
final class Balance {
    private long sessions;
    private long missing;
    private long again;
    private long absent;

    /** Adds a session that has been there all the time. */
    void add(long published, long publishedSum, long received, long receivedSum) {
        sessions++;
        missing += Math.max(0, published - received);
        again += Math.max(0, received - published);
        if (published == received && publishedSum != receivedSum) {
            missing++; // at least one in place of another
            again++;
        }
    }

    /** Adds a session that was to come back and has not. */
    void addAbsent() {
        absent++;
    }

    long sessions() {
        return sessions;
    }

    /** Publishes that a session did not get. */
    long missing() {
        return missing;
    }

    /** Publishes that a session got more than once. */
    long again() {
        return again;
    }

    long absent() {
        return absent;
    }
}
