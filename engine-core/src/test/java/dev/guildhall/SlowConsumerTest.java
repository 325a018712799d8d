package dev.guildhall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlowConsumerTest {

    @Test
    void aStoppedClientHoldsNoMoreThanItsBoundAndIsClosedWhileOthersReceiveEverything() throws Exception {
        InMemoryTransport transport = InMemoryTransport.create(64);
        AtomicInteger received = new AtomicInteger();
        Engine engine = Engine.builder().lanes(1).transport(transport).open();
        Guild guild = engine.guild("g");
        InMemoryClient stopped = transport.connect(
                "stopped",
                SessionOptions.builder()
                        .maxBacklogEvents(128)
                        .overflow(OverflowPolicy.INVALIDATE)
                        .build());
        stopped.stall();
        stopped.session().subscribe(guild);
        engine.openSession("reader", SessionOptions.DEFAULT.withInline(), event -> received.incrementAndGet())
                .subscribe(guild);
        for (int i = 0; i < 10_000; i++) {
            guild.publish(Event.of("E", "x"));
        }
        assertThat(stopped.closed().get(10, TimeUnit.SECONDS).kind()).isEqualTo(CloseReason.Kind.SLOW_CONSUMER);
        assertThat(stopped.closed().join().detail()).contains("128 events");
        assertThat(guild.subscriptionCount()).isEqualTo(1);
        engine.close();
        assertThat(received).hasValue(10_000);
        assertThat(stopped.unread()).isZero();
        EngineStats stats = engine.stats();
        assertThat(stats.dropped()).isGreaterThanOrEqualTo(128);
        assertThat(stats.delivered()).isEqualTo(stats.written() + stats.dropped());
    }

    @Test
    void aClientThatReadsOnGetsEverythingInOrder() throws Exception {
        InMemoryTransport transport = InMemoryTransport.create(4);
        try (Engine engine = Engine.builder().transport(transport).open()) {
            Guild guild = engine.guild("g");
            InMemoryClient client = transport.connect("client");
            client.session().subscribe(guild);
            client.stall();
            for (int i = 0; i < 500; i++) {
                guild.publish(Event.of("E", "m" + i));
            }
            client.unstall();
            for (int i = 0; i < 500; i++) {
                var next = client.take(java.time.Duration.ofSeconds(10));
                assertThat(next).isNotNull();
                assertThat(next.event().text()).isEqualTo("m" + i);
                assertThat(next.seq()).isEqualTo(i + 1);
            }
            client.disconnect();
        }
    }

    @Test
    void aBlockingSubscriberHoldsUpNobodyElse() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(100);
        try (Engine engine = Engine.builder().lanes(1).open()) {
            Guild guild = engine.guild("g");
            for (int i = 0; i < 50; i++) {
                engine.openSession("blocking", event -> {
                            try {
                                release.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        })
                        .subscribe(guild);
                engine.openSession("quick", event -> others.countDown()).subscribe(guild);
            }
            guild.publish(Event.of("E", "1"));
            guild.publish(Event.of("E", "2"));
            assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
            release.countDown();
        }
    }

    @Test
    void aDrainThatIsCutShortAccountsForWhatWasNotDelivered() {
        InMemoryTransport transport = InMemoryTransport.create(8);
        Engine engine = Engine.builder()
                .transport(transport)
                .drainTimeout(java.time.Duration.ofMillis(50))
                .open();
        Guild guild = engine.guild("g");
        InMemoryClient stopped = transport.connect("stopped");
        stopped.stall();
        stopped.session().subscribe(guild);
        for (int i = 0; i < 100; i++) {
            guild.publish(Event.of("E", "x"));
        }
        DrainReport report = engine.drain().toCompletableFuture().join();
        assertThat(report).isEqualTo(new DrainReport(false, 1, 100));
        assertThat(stopped.closed().join()).isEqualTo(CloseReason.ENGINE_CLOSED);
    }
}
