package dev.guildhall.bench.rivals;

import com.softwaremill.jox.Channel;
import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import java.util.ArrayList;
import java.util.List;

/** A buffered channel and a virtual thread per recipient; the publisher sends to each channel and waits where there is no room. */
final class JoxFanOut implements FanOut {
    /** As many as the JDK's SubmissionPublisher and Reactor's publishOn hold. */
    private static final int BUFFER = 256;

    private final List<Channel<byte[]>> channels = new ArrayList<>();
    private final Turns<byte[]> events;

    JoxFanOut(Recipient[][] topics, byte[]... events) {
        this.events = new Turns<>(List.of(events));
        for (Recipient[] recipients : topics) {
            for (Recipient recipient : recipients) {
                Channel<byte[]> channel = Channel.newBufferedChannel(BUFFER);
                channels.add(channel);
                Thread.startVirtualThread(() -> receive(channel, recipient));
            }
        }
    }

    private static void receive(Channel<byte[]> channel, Recipient recipient) {
        try {
            while (channel.receiveOrClosed() instanceof byte[] event) {
                recipient.receive(event.length);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void publish() {
        byte[] event = events.next();
        try {
            for (Channel<byte[]> channel : channels) {
                channel.send(event);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while publishing", e);
        }
    }

    @Override
    public void close() {
        channels.forEach(Channel::done);
    }
}
