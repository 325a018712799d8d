package dev.guildhall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Session;
import dev.guildhall.SessionListener;
import dev.guildhall.SessionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What the suites share: how a transport is made, and what the engine tells of its sessions. */
abstract class ContractSuite {
    /** Longer than anything takes on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Long enough for what should not come to come. */
    static final Duration MOMENT = Duration.ofMillis(100);

    /** A payload that is JSON too, for transports that need it. */
    static final String KILOBYTE = "\"" + "x".repeat(1_022) + "\"";

    /** What clients have sent. */
    final BlockingQueue<String> commands = new LinkedBlockingQueue<>();

    /** Sessions as they open, and how they lose their connections and end. */
    final Life life = new Life();

    /**
     * A new transport.
     *
     * @param options of its clients' sessions
     * @param onCommand to be called with what a client {@linkplain RemoteClient#send sends}, in order
     * @return the transport and its clients
     * @throws Exception if it cannot be made
     */
    protected abstract TransportFixture create(SessionOptions options, BiConsumer<Session, String> onCommand)
            throws Exception;

    final TransportFixture create(SessionOptions options) throws Exception {
        return create(options, (session, text) -> commands.add(text));
    }

    static RemoteClient.Arrived next(RemoteClient client) throws InterruptedException {
        RemoteClient.Arrived arrived = client.next(PATIENCE);
        assertThat(arrived).as("an event").isNotNull();
        return Objects.requireNonNull(arrived);
    }

    /** What comes until an event with this payload does, that one included. */
    static List<RemoteClient.Arrived> until(RemoteClient client, String lastText) throws InterruptedException {
        List<RemoteClient.Arrived> all = new ArrayList<>();
        do {
            all.add(next(client));
        } while (!all.getLast().text().equals(lastText));
        return all;
    }

    static void assertNumbered(List<RemoteClient.Arrived> events) {
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).seq()).isEqualTo(events.get(i - 1).seq() + 1);
        }
    }

    static List<String> texts(List<RemoteClient.Arrived> events) {
        return events.stream().map(RemoteClient.Arrived::text).toList();
    }

    final String nextCommand() throws InterruptedException {
        return taken(commands.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS), "a command");
    }

    static <T> T taken(@Nullable T value, String what) {
        assertThat(value).as(what).isNotNull();
        return Objects.requireNonNull(value);
    }

    /** The engine's listener. */
    static final class Life implements SessionListener {
        private final BlockingQueue<Session> opened = new LinkedBlockingQueue<>();
        private final BlockingQueue<CloseReason.Kind> lost = new LinkedBlockingQueue<>();
        private final BlockingQueue<CloseReason.Kind> closed = new LinkedBlockingQueue<>();

        @Override
        public void onOpened(Session session) {
            opened.add(session);
        }

        @Override
        public void onDetached(Session session, CloseReason reason) {
            lost.add(reason.kind());
        }

        @Override
        public void onClosed(Session session, CloseReason reason) {
            closed.add(reason.kind());
        }

        Session nextOpened() throws InterruptedException {
            return taken(opened.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS), "a session");
        }

        CloseReason.Kind nextLost() throws InterruptedException {
            return taken(lost.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS), "a session that is detached");
        }

        CloseReason.Kind nextClosed() throws InterruptedException {
            return taken(closed.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS), "a session that is closed");
        }
    }
}
