package dev.guildhall.bench.rivals;

import java.util.List;

/** The events to publish, one after the other, again and again. One thread. */
final class Turns<E> {
    private final List<E> events;
    private int next;

    Turns(List<E> events) {
        this.events = events;
    }

    E next() {
        E event = events.get(next);
        next = next + 1 < events.size() ? next + 1 : 0;
        return event;
    }
}
