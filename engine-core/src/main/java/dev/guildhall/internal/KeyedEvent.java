package dev.guildhall.internal;

/** An event of which only the newest value of its key counts. The key is made once, not for every session. */
final class KeyedEvent extends LogEvent {
    final Key key;

    /**
     * A key within its guild.
     *
     * @param guildId empty for a direct send
     * @param name the application's key
     */
    record Key(String guildId, String name) {}

    KeyedEvent(EventBody body, Address address, Incarnation incarnation, String name) {
        super(body, address, incarnation);
        key = new Key(incarnation.guildId(), name);
    }
}
