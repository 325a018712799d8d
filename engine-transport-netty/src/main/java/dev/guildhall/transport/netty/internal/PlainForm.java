package dev.guildhall.transport.netty.internal;

import dev.guildhall.Event;

/** Text, not compressed. One for all connections. */
final class PlainForm implements MessageForm {
    private final DispatchEncoding encoding;

    PlainForm(DispatchEncoding encoding) {
        this.encoding = encoding;
    }

    @Override
    public void dispatch(Outbox outbox, Event event, long seq) {
        outbox.append(event.encoded(encoding), seq);
    }

    @Override
    public byte[] control(byte[] json) {
        return ServerFrame.of(ServerFrame.TEXT, json);
    }

    @Override
    public void release() {
        // nothing is the connection's own
    }

    @Override
    public String toString() {
        return "plain";
    }
}
