package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections whose flush is dear are flushed seldom, as long as there is more to deliver. */
class WritePaceTest {
    private static final int CLIENTS = 200;
    private static final int EVENTS = 64;
    private static final int ROUNDS = 20;
    private static final Duration PRICE = Duration.ofNanos(8_000);

    private final ManualClock clock = new ManualClock();
    private final SeededExecutor executor = new SeededExecutor(1);
    private final BareTransport transport = new BareTransport();
    private long written;
    private long flushes;

    private final class Link implements Connection {
        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void write(Event event, long seq) {
            written++;
        }

        @Override
        public void flush() {
            flushes++;
            clock.advance(PRICE);
        }

        @Override
        public void close(CloseReason reason, boolean resumable) {}
    }

    @Test
    void aDearFlushIsForManyEvents() {
        assertThat(flushesOfAClientAndRound()).isLessThan(2);
    }

    private double flushesOfAClientAndRound() {
        Engine engine = Engine.builder()
                .laneExecutors(List.of(executor.serial()))
                .blockingExecutor(executor)
                .clock(clock)
                .turnBudget(CLIENTS * 4)
                .transport(transport)
                .open();
        Guild guild = engine.guild("g");
        for (int i = 0; i < CLIENTS; i++) {
            transport.open(SessionOptions.DEFAULT, new Link()).session().subscribe(guild);
        }
        executor.runAll();
        publish(guild); // until the price is known
        flushes = 0;
        written = 0;
        for (int i = 0; i < ROUNDS; i++) {
            publish(guild);
        }
        assertThat(written).isEqualTo((long) CLIENTS * EVENTS * ROUNDS);
        engine.drain();
        executor.runAll();
        return (double) flushes / CLIENTS / ROUNDS;
    }

    private void publish(Guild guild) {
        for (int i = 0; i < EVENTS; i++) {
            guild.tryPublish(Event.of("E", "x"));
        }
        executor.runAll();
    }
}
