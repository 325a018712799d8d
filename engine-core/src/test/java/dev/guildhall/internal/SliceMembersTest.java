package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Audience;
import dev.guildhall.Delivery;
import dev.guildhall.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who has which place in a slice, and what is asked of a place. */
class SliceMembersTest {
    private final LocalEngine engine = (LocalEngine) Engine.builder().lanes(1).open();
    private final LocalGuild guild = (LocalGuild) engine.guild("g");
    private final ListedReceivers slice = new ListedReceivers(new GuildLane(guild, engine.laneArray()[0]));

    @AfterEach
    void close() {
        engine.close();
    }

    private LocalSubscription add(InterestSet interests, boolean passive) {
        LocalSubscription subscription =
                new LocalSubscription((LocalSession) engine.openSession("ann", event -> {}), guild, interests);
        subscription.setPassive(passive);
        slice.addMember(subscription);
        return subscription;
    }

    private static LogEvent event(long offset, Address address) {
        LogEvent event =
                new LogEvent(new EventBody("E", new byte[0], Delivery.RELIABLE), address, new Incarnation("g", 1));
        event.offset = offset;
        return event;
    }

    private static LogEvent to(Audience audience) {
        return event(0, Address.EVERYBODY.to(audience));
    }

    private List<String> summaries() {
        List<String> told = new ArrayList<>();
        slice.forEachSummary((at, summary) -> told.add(at + summary.text().replaceAll(".*unread", "")));
        return told;
    }

    @Test
    void nothingIsKeptOfAReceiverThatHasLeft() {
        List<LocalSubscription> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(add(InterestSet.NOTHING, i % 2 == 0));
        }
        for (int i : new int[] {0, 3, 5}) {
            slice.removeMember(all.get(i), false);
        }
        assertThat(slice.size).isEqualTo(3);
        assertThat(slice.activeCount).isEqualTo(1);
        assertThat(slice.receivers).startsWith(all.get(1)).contains(all.get(2), all.get(4));
        assertThat(Arrays.copyOfRange(slice.receivers, 3, slice.receivers.length))
                .containsOnlyNulls();
        slice.removeMember(all.get(1), true);
        slice.closeHoles();
        assertThat(Arrays.copyOf(slice.receivers, 2)).containsExactlyInAnyOrder(all.get(2), all.get(4));
        assertThat(Arrays.copyOfRange(slice.receivers, 2, slice.receivers.length))
                .containsOnlyNulls();
    }

    @Test
    void onlyWhoHasEveryClassHasAll() {
        LocalSubscription all = add(InterestSet.ALL, false);
        LocalSubscription one = add(InterestSet.of(1), false);
        assertThat(slice.hasAll(all.index)).isTrue();
        assertThat(slice.hasAll(one.index)).isFalse();
        LocalSubscription allBits =
                add(InterestSet.of(IntStream.rangeClosed(0, 63).toArray()), false);
        assertThat(slice.hasAll(all.index)).isTrue();
        assertThat(slice.hasAll(one.index)).isFalse();
        assertThat(slice.masks[allBits.index]).isEqualTo(-1);
        assertThat(slice.hasAll(allBits.index)).isFalse();
    }

    @Test
    void whoIsMeantByNameIsNotFoundByClasses() {
        LocalSubscription all = add(InterestSet.ALL, false);
        assertThat(slice.matches(all.index, to(Audience.users(List.of("ann"))))).isFalse();
        assertThat(slice.matches(all.index, to(Audience.classes(64)))).isTrue();
        LocalSubscription other = add(InterestSet.of(70), false);
        assertThat(slice.matches(other.index, to(Audience.classes(64)))).isFalse();
        assertThat(slice.matches(other.index, to(Audience.classes(70)))).isTrue();
    }

    @Test
    void whatNobodyIsToBeToldIsNotCounted() {
        assertThat(slice.countUnread(to(Audience.all()))).isFalse();
        add(InterestSet.of(1), true);
        assertThat(slice.countUnread(to(Audience.classes(2)))).isFalse();
        assertThat(slice.countUnread(to(Audience.classes(1)))).isTrue();
    }

    @Test
    void allWhoArePassiveAreToldAlsoWhenEveryPlaceIsTaken() {
        add(InterestSet.of(1), false);
        for (int i = 0; i < 3; i++) {
            add(InterestSet.of(1), true);
        }
        assertThat(slice.subscriptions).hasSize(slice.size);
        slice.countUnread(to(Audience.all()));
        assertThat(summaries()).containsExactly("1\":1}", "2\":1}", "3\":1}");
        assertThat(summaries()).isEmpty();
    }

    /** Shows who is the receiver at a place. */
    private static final class ListedReceivers extends Slice {
        @Nullable
        LocalSubscription[] receivers = new LocalSubscription[masks.length];

        ListedReceivers(GuildLane guildLane) {
            super(guildLane);
        }

        @Override
        int deliver(LogEvent event) {
            throw new UnsupportedOperationException();
        }

        @Override
        int deliver(Batch events, int from, int to) {
            throw new UnsupportedOperationException();
        }

        @Override
        boolean hasConnections() {
            return false;
        }

        @Override
        void begin(Batch events) {}

        @Override
        void end(Batch events) {}

        @Override
        void deliverTo(int index, LogEvent event) {}

        @Override
        void growReceivers(int capacity) {
            receivers = Arrays.copyOf(receivers, capacity);
        }

        @Override
        void setReceiver(int index, LocalSubscription subscription) {
            receivers[index] = subscription;
        }

        @Override
        void moveReceiver(int from, int to) {
            receivers[to] = receivers[from];
        }

        @Override
        void clearReceiver(int index) {
            receivers[index] = null;
        }
    }
}
