package dev.guildhall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording of the JDK is told. */
class FlightRecordingTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final InMemoryTransport transport = InMemoryTransport.create(16);
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(tasks::add, tasks::add))
            .blockingExecutor(tasks::add)
            .transport(transport)
            .open();
    private final Guild guild = engine.guild("g");

    private void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private List<RecordedEvent> record(Path folder, Duration laneTurnThreshold, Runnable action) throws IOException {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.guildhall.LaneTurn").withThreshold(laneTurnThreshold);
            recording.enable("dev.guildhall.GuildTurn").withThreshold(Duration.ZERO);
            recording.enable("dev.guildhall.GuildRestart");
            recording.enable("dev.guildhall.Overflow");
            recording.enable("dev.guildhall.Resume");
            recording.start();
            action.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.guildhall."))
                .toList();
    }

    private static List<RecordedEvent> ofType(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("dev.guildhall." + name))
                .toList();
    }

    @Test
    void turnsOverflowsAndResumesAreRecorded(@TempDir Path folder) throws IOException {
        InMemoryClient client = transport.connect(
                "ann",
                SessionOptions.builder()
                        .maxBacklogEvents(128)
                        .overflow(OverflowPolicy.DROP_OLDEST_WITH_GAP)
                        .build());
        client.session().subscribe(guild);
        runAll();
        String secret = client.secret();

        List<RecordedEvent> events = record(folder, Duration.ZERO, () -> {
            client.stall();
            for (int i = 0; i < 200; i++) {
                guild.tryPublish(Event.of("E", "text"));
                runAll();
            }
            client.disconnect();
            runAll();
            client.resume();
            runAll();
            client.resume();
            runAll();
        });

        assertThat(ofType(events, "LaneTurn"))
                .isNotEmpty()
                .anySatisfy(turn -> assertThat(turn.getLong("deliveries")).isEqualTo(1));
        assertThat(ofType(events, "Overflow")).isNotEmpty().allSatisfy(overflow -> {
            assertThat(overflow.getString("session")).isEqualTo(client.session().id());
            assertThat(overflow.getString("reason")).isEqualTo("DROP_OLDEST_WITH_GAP");
            assertThat(overflow.getInt("events")).isEqualTo(128);
            assertThat(overflow.getLong("bytes")).isPositive();
        });
        assertThat(ofType(events, "Resume")).hasSize(2).allSatisfy(resume -> {
            assertThat(resume.getString("session")).isEqualTo(client.session().id());
            assertThat(resume.getString("result")).isEqualTo("RESUMED");
        });
        for (RecordedEvent event : events) {
            for (ValueDescriptor field : event.getFields()) {
                Object value = event.getValue(field.getName());
                assertThat(String.valueOf(value)).doesNotContain(secret);
            }
        }
    }

    @Test
    void turnsAndFailuresOfGuildsAreRecorded(@TempDir Path folder) throws IOException {
        GuildHandler failing = new GuildHandler() {
            @Override
            public PublishDecision onPublish(GuildContext context, PublishRequest request) {
                throw new IllegalStateException("a secret");
            }
        };
        Engine supervised = Engine.builder()
                .laneExecutors(List.of(tasks::add))
                .blockingExecutor(tasks::add)
                .guildHandlers(id -> failing)
                .open();

        List<RecordedEvent> events = record(folder, Duration.ZERO, () -> {
            supervised.guild("of handlers").tryPublish(Event.of("E", "text"));
            runAll();
        });

        assertThat(ofType(events, "GuildTurn"))
                .allSatisfy(turn -> assertThat(turn.getString("guild")).isEqualTo("of handlers"))
                .extracting(turn -> turn.getString("kind"))
                .containsExactly("onStart", "onPublish");
        assertThat(ofType(events, "GuildRestart")).singleElement().satisfies(restart -> {
            assertThat(restart.getString("guild")).isEqualTo("of handlers");
            assertThat(restart.getString("cause")).isEqualTo(IllegalStateException.class.getName());
            assertThat(restart.getInt("failures")).isEqualTo(1);
            assertThat(restart.getDuration("delay")).isPositive();
        });
        supervised.drain();
        runAll();
    }

    @Test
    void aShortTurnIsBelowTheThreshold(@TempDir Path folder) throws IOException {
        transport.connect("ann").session().subscribe(guild);
        runAll();

        List<RecordedEvent> events = record(folder, Duration.ofMinutes(1), () -> {
            guild.tryPublish(Event.of("E", "text"));
            runAll();
        });

        assertThat(events).isEmpty();
    }
}
