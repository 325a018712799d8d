package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Delivery;
import dev.guildhall.Event;
import dev.guildhall.Subscription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@link ModelClient} has received in the end, compared with what was published and sent. */
final class ReceivedStream {
    private static final Pattern GUILD_GAP =
            Pattern.compile("\\{\"guild_id\":\"(.*)\",\"epoch\":(\\d+),\"from\":(\\d+),\"to\":(\\d+),\"lost\":(\\d+)}");
    private static final Pattern DIRECT_GAP = Pattern.compile("\\{\"guild_id\":null,\"lost\":(\\d+)}");

    private final ModelClient client;

    private ReceivedStream(ModelClient client) {
        this.client = client;
    }

    static ReceivedStream of(ModelClient client) {
        return new ReceivedStream(client);
    }

    /** Checks everything, and if the client is complete that it lacks nothing but what it was told of. */
    void check(boolean complete) {
        client.subscriptions.forEach((guild, subscription) -> new GuildStream(guild, subscription).check(complete));
        checkDirect(complete);
        assertThat(client.received)
                .allMatch(event -> event.guildId().isEmpty() || client.subscriptions.containsKey(event.guildId()));
    }

    /** Direct sends are numbered; each number that is missing is in a gap at its place. */
    private void checkDirect(boolean complete) {
        long next = 0;
        long told = 0;
        for (Event event : client.received) {
            if (!event.guildId().isEmpty() || event.type().equals(Event.RESUMED)) {
                continue;
            }
            if (event.type().equals(Event.GAP)) {
                assertThat(client.dropsOldest()).isTrue();
                Matcher gap = DIRECT_GAP.matcher(event.text());
                assertThat(gap.matches()).as(event.text()).isTrue();
                told += Long.parseLong(gap.group(1));
                client.schedule.coverage.count("direct gap");
            } else {
                long number = Long.parseLong(event.text());
                assertThat(number)
                        .as("direct send after %d and %d that were lost", next, told)
                        .isEqualTo(next + told);
                next = number + 1;
                told = 0;
            }
        }
        if (complete) {
            assertThat(next + told).as("direct sends").isEqualTo(client.sends);
        }
    }

    /** What came of one guild. */
    private final class GuildStream {
        private final String guild;
        private final Subscription subscription;
        private final List<ModelSchedule.Published> log;
        private final boolean[] has;
        private final boolean[] excused;
        private long last;

        GuildStream(String guild, Subscription subscription) {
            this.guild = guild;
            this.subscription = subscription;
            log = client.schedule.log(guild);
            has = new boolean[log.size()];
            excused = new boolean[log.size()];
            last = subscription.firstOffset() - 1;
        }

        void check(boolean complete) {
            for (Event event : client.received) {
                if (event.guildId().equals(guild)) {
                    take(event);
                }
            }
            boolean stays = complete && !client.left.contains(guild);
            checkNothingIsMissing(stays ? log.size() : last + 1, stays);
        }

        private void take(Event event) {
            if (event.type().equals(Event.GAP)) {
                takeGap(event);
            } else {
                Event original = log.get((int) event.offset()).event();
                assertThat(event.offset()).as("in order").isGreaterThan(last);
                assertThat(event.type()).isEqualTo(original.type()).isEqualTo("E");
                assertThat(event.payloadLength()).isEqualTo(original.payloadLength());
                assertThat(client.isFor(guild, original)).isTrue();
                has[(int) event.offset()] = true;
            }
            last = event.offset();
        }

        /** It lies after what came before it, which no event after it goes back behind, so what it says is missing is. */
        private void takeGap(Event event) {
            Matcher gap = GUILD_GAP.matcher(event.text());
            assertThat(gap.matches()).as(event.text()).isTrue();
            int from = Integer.parseInt(gap.group(3));
            int to = Integer.parseInt(gap.group(4));
            long lost = Long.parseLong(gap.group(5));
            assertThat(gap.group(1)).isEqualTo(guild);
            assertThat(Long.parseLong(gap.group(2))).isEqualTo(event.epoch());
            assertThat((long) to).isEqualTo(event.offset()).isLessThan(log.size());
            assertThat((long) from).as("%s after %d", event.text(), last).isGreaterThan(last);
            assertThat(from).isLessThanOrEqualTo(to);
            checkLost(event.text(), from, to, lost);
            for (int offset = from; offset <= to; offset++) {
                excused[offset] = true;
            }
        }

        private void checkLost(String gap, int from, int to, long lost) {
            int reliable = 0;
            int latest = 0;
            int ownTooLarge = 0;
            for (ModelSchedule.Published published : log.subList(from, to + 1)) {
                Event event = published.event();
                if (published.isControl() || !client.isFor(guild, event)) {
                    continue;
                }
                reliable += event.delivery() instanceof Delivery.Reliable ? 1 : 0;
                latest += event.delivery() instanceof Delivery.Latest ? 1 : 0;
                ownTooLarge += ModelClient.weight(event) > client.options.maxBacklogBytes() ? 1 : 0;
            }
            client.schedule.coverage.count("guild gap");
            boolean isOneTooLarge = from == to && ownTooLarge == 1;
            boolean mayBeLapped = client.schedule.mayHaveLapped(guild);
            if (isOneTooLarge) {
                client.schedule.coverage.count("gap of a large event");
                assertThat(lost).as(gap).isEqualTo(1);
            } else if (!client.dropsOldest()) {
                client.schedule.coverage.count("gap of a lapped lane");
                assertThat(mayBeLapped).as("%s without a cause", gap).isTrue();
                assertThat(lost).as(gap).isEqualTo(to - from + 1);
            } else {
                assertThat(lost).as(gap).isBetween((long) reliable, mayBeLapped ? to - from + 1L : reliable + latest);
            }
        }

        private void checkNothingIsMissing(long end, boolean toTheEnd) {
            Map<String, Integer> newest = new HashMap<>();
            for (int offset = (int) subscription.firstOffset(); offset < end; offset++) {
                ModelSchedule.Published published = log.get(offset);
                Event event = published.event();
                if (published.isControl() || !client.isFor(guild, event)) {
                    continue;
                }
                if (event.delivery() instanceof Delivery.Latest latest) {
                    newest.put(latest.key(), offset);
                } else if (event.delivery() instanceof Delivery.Reliable) {
                    assertThat(has[offset] || excused[offset])
                            .as("offset %d of %s, first %d, end %d", offset, guild, subscription.firstOffset(), end)
                            .isTrue();
                }
            }
            if (toTheEnd) {
                newest.forEach((key, offset) -> assertThat(has[offset] || excused[offset])
                        .as("newest of %s", key)
                        .isTrue());
            }
        }
    }
}
