package dev.guildhall.testkit;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.memory.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * What a client has received, and whether it is still connected. Each assertion lets the engine do all that it can do at this moment of the
 * clock before it looks.
 */
public final class TestClientAssert extends AbstractAssert<TestClientAssert, TestClient> {
    /** Longest part of a payload that a message shows. */
    private static final int SHOWN = 80;

    /** What was named last; null before anything was. */
    private @Nullable List<String> expected;

    private Function<Event, String> view = Event::type;

    TestClientAssert(TestClient client) {
        super(client, TestClientAssert.class);
    }

    /**
     * It has received events of these types, each as often as it is named here, in any order and among others.
     *
     * @param types types of events
     * @return this; {@link #inOrder()} and {@link #andNothingElse()} say more about the same events
     * @throws IllegalArgumentException if none is named
     */
    public TestClientAssert received(String... types) {
        return contains(List.of(types), Event::type, "events of the types");
    }

    /**
     * It has received events with these payloads, each as often as it is named here, in any order and among others.
     *
     * @param texts payloads, read as UTF-8
     * @return this; {@link #inOrder()} and {@link #andNothingElse()} say more about the same events
     * @throws IllegalArgumentException if none is named
     */
    public TestClientAssert receivedTexts(String... texts) {
        return contains(List.of(texts), Event::text, "events with the payloads");
    }

    private TestClientAssert contains(List<String> wanted, Function<Event, String> by, String what) {
        isNotNull();
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("name at least one event; a client that got none has receivedNothing()");
        }
        expected = wanted;
        view = by;
        List<String> missing = new ArrayList<>(wanted);
        seen().forEach(missing::remove);
        if (!missing.isEmpty()) {
            fail("to have received %s %s, but %s missing".formatted(what, wanted, isOrAre(missing)));
        }
        return this;
    }

    /**
     * The events named last came in the order in which they were named; others may have come between.
     *
     * @return this
     * @throws IllegalStateException if none were named
     */
    public TestClientAssert inOrder() {
        List<String> wanted = named("inOrder()");
        int next = 0;
        for (String each : seen()) {
            if (next < wanted.size() && each.equals(wanted.get(next))) {
                next++;
            }
        }
        if (next < wanted.size()) {
            fail("to have received %s in this order, but \"%s\" did not come after those before it"
                    .formatted(wanted, wanted.get(next)));
        }
        return this;
    }

    /**
     * No other events came than those named last. {@link Event#RESUMED} does not count.
     *
     * @return this
     * @throws IllegalStateException if none were named
     */
    public TestClientAssert andNothingElse() {
        return nothingBut(named("andNothingElse()"));
    }

    private List<String> named(String assertion) {
        if (expected == null) {
            throw new IllegalStateException(
                    assertion
                            + " says more about events that were named, and none were: say received(…) or receivedTexts(…) before it");
        }
        return expected;
    }

    private TestClientAssert nothingBut(List<String> wanted) {
        List<String> others = new ArrayList<>(actual.received().stream()
                .map(Received::event)
                .filter(event -> !event.type().equals(Event.RESUMED))
                .map(view)
                .toList());
        wanted.forEach(others::remove);
        if (!others.isEmpty()) {
            fail("to have received nothing but %s, but %s received too".formatted(wanted, isOrAre(others)));
        }
        return this;
    }

    /**
     * It has received nothing, {@link Event#RESUMED} apart.
     *
     * @return this
     */
    public TestClientAssert receivedNothing() {
        isNotNull();
        return nothingBut(List.of());
    }

    /**
     * Nothing was lost: it was told of no {@link Event#GAP}, and the numbers of what it has received follow each other.
     *
     * @return this
     */
    public TestClientAssert withoutGap() {
        isNotNull();
        List<Received> all = actual.received();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).event().type().equals(Event.GAP)) {
                fail("to have lost nothing, but it was told of a gap: %s"
                        .formatted(all.get(i).event().text()));
            }
            if (i > 0 && all.get(i).seq() != all.get(i - 1).seq() + 1) {
                fail("to have received all numbers, but after %d came %d"
                        .formatted(all.get(i - 1).seq(), all.get(i).seq()));
            }
        }
        return this;
    }

    /**
     * It was told that it lost events.
     *
     * @return this
     */
    public TestClientAssert withGap() {
        isNotNull();
        if (actual.received().stream().noneMatch(each -> each.event().type().equals(Event.GAP))) {
            fail("to have been told of a gap");
        }
        return this;
    }

    /**
     * Its connection is there.
     *
     * @return this
     */
    public TestClientAssert isConnected() {
        isNotNull();
        CloseReason reason = actual.closeReason();
        if (reason != null) {
            fail("to be connected, but it was closed: %s".formatted(reason));
        }
        return this;
    }

    /**
     * The engine has closed its connection.
     *
     * @param kind why
     * @return this
     */
    public TestClientAssert wasClosed(CloseReason.Kind kind) {
        isNotNull();
        CloseReason reason = actual.closeReason();
        if (reason == null) {
            fail("to have been closed for %s, but it is connected".formatted(kind));
        } else if (reason.kind() != kind) {
            fail("to have been closed for %s, but it was for %s".formatted(kind, reason));
        }
        return this;
    }

    private List<String> seen() {
        return actual.received().stream().map(Received::event).map(view).toList();
    }

    private static String isOrAre(List<String> some) {
        return some + (some.size() == 1 ? " is" : " are");
    }

    private void fail(String message) {
        throw failure("%nExpected %s%n  %s%nIt has received%s", actual.user(), message, lines());
    }

    private String lines() {
        List<Received> all = actual.received();
        return all.isEmpty()
                ? " nothing"
                : all.stream().map(TestClientAssert::line).collect(Collectors.joining());
    }

    private static String line(Received received) {
        Event event = received.event();
        String text = event.text();
        String shown =
                text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "… (" + event.payloadLength() + " bytes)";
        String place = event.guildId().isEmpty() ? "" : " of " + event.guildId() + ":" + event.offset();
        return "%n  %d %s%s %s".formatted(received.seq(), event.type(), place, shown);
    }
}
