package dev.guildhall.transport.netty.internal;

import dev.guildhall.Event;

/** Not compressed. One for all connections of an encoding. */
final class PlainForm implements MessageForm {
    private final DispatchEncoding encoding;

    PlainForm(DispatchEncoding encoding) {
        this.encoding = encoding;
    }

    @Override
    public MessageEncoding encoding() {
        return encoding.encoding();
    }

    @Override
    public void dispatch(Outbox outbox, Event event, long seq) {
        outbox.append(event.encoded(encoding), seq);
    }

    @Override
    public byte[] control(byte[] json) {
        MessageEncoding words = encoding.encoding();
        return ServerFrame.of(words.firstByte(), words.control(json));
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
