package dev.guildhall.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/** An event loop and what its clients share. Nothing but {@link #tally} is looked at by other threads. */
final class LoadLoop {
    private static final int FIRST_BYTES = 4 << 10;

    private final EventLoop loop;
    private final LoopTally tally = new LoopTally();
    private final MessageReader reader;
    private byte[] message = new byte[FIRST_BYTES];

    LoadLoop(EventLoop loop, MessageReader reader) {
        this.loop = loop;
        this.reader = reader;
    }

    EventLoop loop() {
        return loop;
    }

    LoopTally tally() {
        return tally;
    }

    /** Reads a message; answers what it is, until the next one. */
    MessageReader read(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length > message.length) {
            message = new byte[Integer.highestOneBit(length) << 1];
        }
        bytes.getBytes(bytes.readerIndex(), message, 0, length);
        tally.received(length);
        reader.read(message, length);
        return reader;
    }
}
