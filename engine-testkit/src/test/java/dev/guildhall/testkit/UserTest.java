package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.Sent;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.User;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Users and their sessions, in an engine without presence. */
class UserTest {
    private final SeededExecutor executor = new SeededExecutor(3);
    private final InMemoryTransport transport = InMemoryTransport.create();
    private final Engine engine = Engine.builder()
            .laneExecutors(List.of(executor.serial(), executor.serial()))
            .blockingExecutor(executor)
            .clock(new ManualClock())
            .transport(transport)
            .open();
    private final User ann = engine.user("ann");

    @AfterEach
    void close() {
        engine.drain();
        executor.runAll();
    }

    @Test
    void aSendReachesAllSessionsAndSaysWhichItDidNot() {
        SessionOptions small = SessionOptions.builder()
                .maxBacklogEvents(128)
                .maxBacklogBytes(4096)
                .build();
        InMemoryClient good = transport.connect("ann");
        InMemoryClient full = transport.connect("ann", small);
        InMemoryClient closed = transport.connect("ann");
        InMemoryClient other = transport.connect("bob");
        executor.runAll();
        assertThat(ann.send(Event.of("E", "x".repeat(5000)))).isEqualTo(new Sent(2, 0, 1, 0));
        executor.runAll();
        while (full.session().send(Event.of("F", "")) == Outcome.ENQUEUED) {}
        closed.session().close(CloseReason.REQUESTED);

        Sent sent = ann.send(Event.of("E", "hello"));

        assertThat(sent).isEqualTo(new Sent(1, 1, 0, 1));
        assertThat(sent.isAccepted()).isTrue();
        assertThat(sent.sessions()).isEqualTo(3);
        executor.runAll();
        assertThat(received(good).payloadLength()).isEqualTo(5000);
        assertThat(received(good).text()).isEqualTo("hello");
        assertThat(other.unread()).isZero();
    }

    private static Event received(InMemoryClient client) {
        return Objects.requireNonNull(client.poll(), "an event").event();
    }

    @Test
    void aUserHasItsSessionsFromTheirBeginningToTheirEnd() {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sessions.add(engine.openSession("ann", event -> {}));
            assertThat(ann.sessions()).isEqualTo(sessions);
        }
        for (int i : new int[] {2, 3, 0, 0, 0}) { // in the middle, newest, oldest, the rest
            sessions.remove(i).close(CloseReason.REQUESTED);
            executor.runAll();
            assertThat(ann.sessions()).isEqualTo(sessions);
        }
        assertThat(ann.send(Event.of("E", ""))).isEqualTo(new Sent(0, 0, 0, 0));
        assertThat(ann.send(Event.of("E", "")).isAccepted()).isFalse();
    }

    @Test
    void aSessionThatMovesBetweenLanesStaysItsUsers() {
        InMemoryClient client = transport.connect("ann");
        executor.runAll();
        for (int i = 0; i < 4; i++) {
            client = client.resume();
            executor.runAll();
            assertThat(ann.sessions()).containsExactly(client.session());
        }
        client.leave();
        executor.runAll();
        assertThat(ann.sessions()).isEmpty();
    }

    @Test
    void aUserIsAName() {
        assertThat(ann.id()).isEqualTo("ann");
        assertThat(engine.user("ann")).isEqualTo(ann).hasSameHashCodeAs(ann);
        assertThat(engine.user("bob")).isNotEqualTo(ann);
        assertThat(ann).hasToString("User[ann, 0 sessions, OFFLINE]");
    }

    @Test
    void aClosedEngineHasNoSessions() {
        engine.openSession("ann", event -> {});
        close();
        Session late = engine.openSession("ann", event -> {});
        assertThat(late.isOpen()).isFalse();
        assertThat(ann.sessions()).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void badNamesAreRefused() {
        assertThatThrownBy(() -> engine.user(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> engine.user(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a user's id must have 1 to 200 characters, had 0");
        assertThatThrownBy(() -> engine.user("x".repeat(10_240))).hasMessageContaining("had 10240");
        assertThatThrownBy(() -> engine.openSession("", event -> {})).hasMessageContaining("had 0");
        assertThatThrownBy(() -> transport.connect("x".repeat(201))).hasMessageContaining("had 201");
        assertThatThrownBy(() -> ann.send(null)).isInstanceOf(NullPointerException.class);
    }
}
