package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Session;
import dev.guildhall.spi.Attachment;

/** The engine's end of one connection. */
record LocalAttachment(LocalSession local) implements Attachment {

    @Override
    public Session session() {
        return local;
    }

    @Override
    public void writable() {
        local.mark();
    }

    @Override
    public void closed(CloseReason reason) {
        local.connectionGone(reason);
    }
}
