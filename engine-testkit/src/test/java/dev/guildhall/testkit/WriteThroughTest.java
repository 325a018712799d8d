package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Explanation;
import dev.guildhall.Guild;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.ResumeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events are written by the walk itself where that costs little, and nobody can tell but by the clock. */
class WriteThroughTest {
    private static final int GUILDS = 3;

    private final ManualClock clock = new ManualClock();
    private final SeededExecutor executor = new SeededExecutor(1);
    private final BareTransport transport = new BareTransport();
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(executor.serial()))
            .blockingExecutor(executor)
            .clock(clock)
            .transport(transport)
            .open();
    private final Guild guild = engine.guild("g");
    private Duration price = Duration.ZERO;
    private int published;

    private final class Link implements Connection {
        private final List<String> got = new ArrayList<>();
        private boolean writable = true;
        private boolean breaks;
        private boolean flushBreaks;
        private int flushes;

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void write(Event event, long seq) {
            if (breaks) {
                throw new IllegalStateException("deliberate");
            }
            got.add(seq + ":" + (event.type().equals("E") ? event.text() : event.type()));
        }

        @Override
        public void flush() {
            if (flushBreaks) {
                throw new IllegalStateException("deliberate");
            }
            flushes++;
            clock.advance(price);
        }

        @Override
        public void close(CloseReason reason, boolean resumable) {
            got.add("closed " + reason.kind());
        }
    }

    @AfterEach
    void closeEngine() {
        engine.drain();
        executor.runAll();
    }

    private Attachment open(Link link, SessionOptions options) {
        Attachment attachment = transport.open(options, link);
        attachment.session().subscribe(guild);
        executor.runAll();
        return attachment;
    }

    private void publishAlone(int events) {
        for (int i = 0; i < events; i++) {
            guild.tryPublish(Event.of("E", "e" + ++published));
            executor.runAll();
        }
    }

    private void publishTogether(int events) {
        for (int i = 0; i < events; i++) {
            guild.tryPublish(Event.of("E", "e" + ++published));
        }
        executor.runAll();
    }

    private Link resume(Attachment attachment, long seq) {
        Link next = new Link();
        transport.resume(
                new ResumeRequest(attachment.session().id(), attachment.secret(), seq, null),
                transport.lanes().getFirst(),
                next,
                answer -> next.got.add(answer.getClass().getSimpleName()));
        executor.runAll();
        return next;
    }

    private static List<String> events(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> i + ":e" + i).toList();
    }

    @Test
    void aResumeReplaysWhatWasWrittenByWalks() {
        for (int already : new int[] {1, 9, 16, 17, 40}) {
            published = 0;
            Link link = new Link();
            Attachment attachment = open(link, SessionOptions.DEFAULT);
            publishAlone(already);
            assertThat(link.got).isEqualTo(events(1, already));
            attachment.lost(CloseReason.CONNECTION_LOST);
            executor.runAll();
            Link next = resume(attachment, already / 2);
            List<String> due = new ArrayList<>(List.of("Resumed"));
            due.addAll(events(already / 2 + 1, already));
            due.add(already + 1 + ":" + Event.RESUMED);
            assertThat(next.got).isEqualTo(due);
            attachment.session().close(CloseReason.REQUESTED);
            executor.runAll();
        }
    }

    @Test
    void whatIsTooOldToReplayIsForgotten() {
        Link link = new Link();
        Attachment attachment =
                open(link, SessionOptions.builder().maxReplayEvents(16).build());
        publishAlone(100);
        attachment.lost(CloseReason.CONNECTION_LOST);
        executor.runAll();
        assertThat(resume(attachment, 70).got).containsExactly("Refused");
        assertThat(resume(attachment, 95).got).startsWith("Resumed", "96:e96").hasSize(7);
    }

    @Test
    void batchesAndSingleEventsKeepTheirOrder() {
        Link link = new Link();
        Attachment attachment = open(link, SessionOptions.DEFAULT);
        publishAlone(5);
        publishTogether(5);
        attachment.session().send(Event.of("E", "e" + ++published));
        executor.runAll();
        publishAlone(5);
        link.writable = false;
        publishAlone(5);
        link.writable = true;
        attachment.writable();
        executor.runAll();
        publishAlone(5);
        assertThat(link.got).isEqualTo(events(1, 26));
        assertThat(engine.stats().delivered()).isEqualTo(26);
        assertThat(engine.stats().written()).isEqualTo(26);
    }

    @Test
    void oneThatFailsIsCutAndTheOthersAreWritten() {
        Link first = new Link();
        Link broken = new Link();
        Link last = new Link();
        open(first, SessionOptions.DEFAULT);
        Attachment attachment = open(broken, SessionOptions.DEFAULT);
        open(last, SessionOptions.DEFAULT);
        publishAlone(1);
        broken.breaks = true;
        publishAlone(2);
        assertThat(first.got).isEqualTo(events(1, 3));
        assertThat(last.got).isEqualTo(events(1, 3));
        assertThat(broken.got).containsExactly("1:e1", "closed CONNECTION_LOST");
        assertThat(resume(attachment, 1).got).containsExactly("Resumed", "2:e2", "3:e3", "4:" + Event.RESUMED);
    }

    @Test
    void whatAFailingFlushHadToSendIsReplayed() {
        Link broken = new Link();
        Attachment attachment = open(broken, SessionOptions.DEFAULT);
        publishAlone(2);
        broken.flushBreaks = true;
        publishTogether(3);
        assertThat(broken.got.getLast()).isEqualTo("closed CONNECTION_LOST");
        publishAlone(1);
        List<String> due = new ArrayList<>(List.of("Resumed"));
        due.addAll(events(3, 6));
        due.add("7:" + Event.RESUMED);
        assertThat(resume(attachment, 2).got).isEqualTo(due);
    }

    @Test
    void oneThatFailsInABatchIsWrittenTheRestAfterItHasResumed() {
        Link broken = new Link();
        Attachment attachment = open(broken, SessionOptions.DEFAULT);
        publishAlone(2);
        broken.breaks = true;
        publishTogether(5);
        List<String> due = new ArrayList<>(List.of("Resumed"));
        due.addAll(events(3, 7));
        due.add("8:" + Event.RESUMED);
        assertThat(resume(attachment, 2).got).isEqualTo(due);
    }

    @Test
    void whatIsAcknowledgedIsNotReplayed() {
        Attachment attachment = open(new Link(), SessionOptions.DEFAULT);
        publishAlone(7); // the ring is not told of all of these yet
        attachment.acknowledged(5);
        executor.runAll();
        publishAlone(2);
        attachment.lost(CloseReason.CONNECTION_LOST);
        executor.runAll();
        assertThat(resume(attachment, 4).got).containsExactly("Refused");
        assertThat(resume(attachment, 5).got).startsWith("Resumed", "6:e6").hasSize(6);
    }

    @Test
    void aResumeAndAnAcknowledgementMayEndWithinABatch() {
        Link link = new Link();
        Attachment attachment = open(link, SessionOptions.DEFAULT);
        publishTogether(64);
        publishTogether(64);
        assertThat(link.got).isEqualTo(events(1, 128));
        assertThat(link.flushes).isEqualTo(2);
        attachment.acknowledged(30);
        attachment.lost(CloseReason.CONNECTION_LOST);
        executor.runAll();
        assertThat(resume(attachment, 29).got).containsExactly("Refused");
        Link next = resume(attachment, 30);
        publishTogether(64);
        List<String> due = new ArrayList<>(List.of("Resumed"));
        due.addAll(events(31, 128));
        due.add("129:" + Event.RESUMED);
        assertThat(next.got.subList(0, due.size())).isEqualTo(due);
        assertThat(next.got.subList(due.size(), next.got.size()))
                .startsWith("130:e129")
                .hasSize(64);
    }

    @Test
    void anEventOfABatchIsKnownToHaveBeenDelivered() {
        Attachment attachment = open(new Link(), SessionOptions.DEFAULT);
        long first = guild.nextOffset();
        publishTogether(64);
        CompletionStage<Explanation> fate = guild.explain(attachment.session(), first + 40);
        executor.runAll();
        assertThat(fate.toCompletableFuture()).isCompletedWithValue(Explanation.DELIVERED);
    }

    @Test
    void aSessionThatKeepsNothingRetainsNothing() {
        Link link = new Link();
        open(link, SessionOptions.builder().maxReplayEvents(0).build());
        publishAlone(20);
        publishTogether(20);
        assertThat(link.got).isEqualTo(events(1, 40));
        assertThat(engine.stats().retainedBytes()).isZero();
    }

    @Test
    void anEventOfASpecialDeliveryIsWrittenInItsPlace() {
        Link link = new Link();
        open(link, SessionOptions.DEFAULT);
        guild.tryPublish(Event.of("E", "e1"));
        guild.tryPublish(Event.of("E", "e2"));
        guild.tryPublish(Event.of("E", "e3").withDelivery(Delivery.latest("k")));
        published = 3;
        publishTogether(2);
        assertThat(link.got).isEqualTo(events(1, 5));
    }

    @Test
    void anEventThatIsLargerThanABacklogMayBeIsAGapAsEver() {
        Link link = new Link();
        open(link, SessionOptions.builder().maxBacklogBytes(4_096).build());
        publishAlone(3);
        guild.tryPublish(Event.of("E", "x".repeat(5_000)));
        executor.runAll();
        assertThat(link.got).containsExactly("1:e1", "2:e2", "3:e3", "4:" + Event.GAP);
    }

    @Test
    void whereAFlushIsDearEventsOfSeveralGuildsShareOne() {
        assertThat(flushesOfARound(Duration.ZERO)).isEqualTo(GUILDS);
        assertThat(flushesOfARound(Duration.ofNanos(8_000))).isEqualTo(1);
    }

    private int flushesOfARound(Duration each) {
        price = each;
        Link link = new Link();
        Attachment attachment = open(link, SessionOptions.DEFAULT);
        List<Guild> guilds = subscribeToGuilds(attachment);
        rounds(link, guilds, 500); // until the price is known
        attachment.session().close(CloseReason.REQUESTED);
        executor.runAll();
        return link.flushes;
    }

    private List<Guild> subscribeToGuilds(Attachment attachment) {
        List<Guild> guilds =
                IntStream.range(0, GUILDS).mapToObj(i -> engine.guild("g" + i)).toList();
        guilds.forEach(attachment.session()::subscribe);
        executor.runAll();
        return guilds;
    }

    /** An event to each guild at a time. */
    private void rounds(Link link, List<Guild> guilds, int count) {
        for (int round = 0; round < count; round++) {
            link.flushes = 0;
            guilds.forEach(each -> each.tryPublish(Event.of("E", "x")));
            executor.runAll();
        }
    }

    @Test
    void turnsThatFlushNothingDoNotMakeFlushesLookCheap() {
        price = Duration.ofNanos(8_000);
        Link link = new Link();
        Attachment attachment = open(link, SessionOptions.DEFAULT);
        List<Guild> guilds = subscribeToGuilds(attachment);
        rounds(link, guilds, 500);
        for (int i = 0; i < 500; i++) { // as of heartbeats
            attachment.acknowledged(1);
            executor.runAll();
        }
        rounds(link, guilds, 1);
        assertThat(link.flushes).isEqualTo(1);
    }
}
