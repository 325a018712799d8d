package dev.guildhall.bench.rivals;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.bench.Recipient;
import dev.guildhall.spi.Connection;

/** A connection that takes everything at once. */
record RecipientConnection(Recipient recipient) implements Connection {

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void write(Event event, long seq) {
        recipient.receive(event.payloadLength());
    }

    @Override
    public void flush() {}

    @Override
    public void close(CloseReason reason, boolean resumable) {}
}
