package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Engine;
import dev.guildhall.EngineStats;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import dev.guildhall.memory.Received;
import dev.guildhall.spi.ResumeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients on threads of their own vanish and come back on other lanes of an engine that runs as in production, while several
 * threads publish. Each sees each of its guilds' offsets one after the other.
 */
@Timeout(60)
class ConcurrentResumeTest {
    private static final int LANES = 4;
    private static final int CLIENTS = 32;
    private static final int PUBLISHERS = 3;
    private static final int EVENTS_OF_EACH = 2_500;

    private final long seed = Long.getLong("guildhall.seed", System.nanoTime());
    private final InMemoryTransport transport = InMemoryTransport.create(64);
    private final Engine engine =
            Engine.builder().lanes(LANES).transport(transport).open();
    private final List<Guild> guilds = List.of(engine.guild("a"), engine.guild("b"));

    @Test
    void nothingIsMissingAndNothingComesTwice() throws Exception {
        System.out.println("-Dguildhall.seed=" + seed);
        SessionOptions options = SessionOptions.builder()
                .maxReplayEvents(1 << 16)
                .maxReplayBytes(1 << 28)
                .maxBacklogEvents(1 << 16)
                .build();
        List<InMemoryClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            InMemoryClient client = transport.connect("c", options);
            guilds.forEach(client.session()::subscribe);
            clients.add(client);
        }
        Map<String, Long> starts = new HashMap<>();
        guilds.forEach(guild -> starts.put(guild.id(), guild.nextOffset()));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> work = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                work.add(threads.submit(new Reader(clients.get(i), new Random(seed + i), starts)));
            }
            for (int i = 0; i < PUBLISHERS; i++) {
                work.add(threads.submit(publisher(new Random(seed - i - 1))));
            }
            int resumes = 0;
            for (Future<Integer> done : work) {
                resumes += done.get(50, TimeUnit.SECONDS);
            }
            assertThat(resumes).isGreaterThan(CLIENTS);
            engine.close();
            EngineStats stats = engine.stats();
            assertThat(stats.resumed()).isEqualTo(resumes);
            assertThat(stats.resumesRefused()).isZero();
            assertThat(stats.written() + stats.dropped() + stats.conflated()).isEqualTo(stats.delivered());
        }
    }

    private Callable<Integer> publisher(Random random) {
        return () -> {
            for (int i = 0; i < EVENTS_OF_EACH; i++) {
                guilds.get(random.nextInt(guilds.size())).publish(Event.of("E", "x"));
            }
            return 0;
        };
    }

    /** Reads until it has everything of both guilds; answers how often it came back. */
    private final class Reader implements Callable<Integer> {
        private final Random random;
        private final Map<String, Long> next;
        private InMemoryClient client;
        private int missing = PUBLISHERS * EVENTS_OF_EACH;
        private int resumes;

        Reader(InMemoryClient client, Random random, Map<String, Long> starts) {
            this.client = client;
            this.random = random;
            this.next = new HashMap<>(starts);
        }

        @Override
        public Integer call() throws Exception {
            while (missing > 0) {
                Received received = client.take(Duration.ofSeconds(40));
                assertThat(received)
                        .as("%d are missing in %s, seed %d", missing, client, seed)
                        .isNotNull();
                see(received.event());
                int dice = random.nextInt(400);
                if (dice == 0) {
                    client.disconnect();
                }
                if (dice <= 1) { // or the old connection still looks alive
                    comeBack();
                } else if (dice <= 5) {
                    client.acknowledge();
                }
            }
            return resumes;
        }

        private void see(Event event) {
            if (event.type().equals(Event.RESUMED)) {
                return;
            }
            assertThat(event.type()).isEqualTo("E");
            assertThat(event.offset())
                    .as("of %s, seed %d", event.guildId(), seed)
                    .isEqualTo(next.get(event.guildId()));
            next.merge(event.guildId(), 1L, Long::sum);
            missing--;
        }

        private void comeBack() throws Exception {
            client = client.resume(engine.lanes().get(random.nextInt(LANES)));
            assertThat(client.resumption().get(30, TimeUnit.SECONDS))
                    .as("seed %d", seed)
                    .isInstanceOf(ResumeResult.Resumed.class);
            resumes++;
        }
    }
}
