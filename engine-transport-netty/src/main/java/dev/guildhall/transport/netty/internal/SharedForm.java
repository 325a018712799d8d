package dev.guildhall.transport.netty.internal;

import dev.guildhall.Event;

/** Compressed once for all that have agreed to the same. */
final class SharedForm implements MessageForm {
    private final SharedEncoding encoding;
    private boolean started;

    SharedForm(SharedEncoding encoding) {
        this.encoding = encoding;
    }

    @Override
    public MessageEncoding encoding() {
        return encoding.encoding();
    }

    @Override
    public void dispatch(Outbox outbox, Event event, long seq) {
        outbox.append(event.encoded(encoding).frame(), seq);
    }

    @Override
    public byte[] control(byte[] json) {
        byte[] frame = encoding.control(json, !started);
        started = true;
        return frame;
    }

    @Override
    public void release() {
        // nothing is the connection's own
    }

    @Override
    public String toString() {
        return encoding + ", shared";
    }
}
