package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Lane;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.SessionListener;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners and commands may block and throw: the lane and the session do not notice. */
@Timeout(60)
class OffLaneCodeTest {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Engine> engine = new CompletableFuture<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private void called(String what) {
        boolean onLane = engine.join().lanes().stream().anyMatch(Lane::isCurrent);
        calls.add(onLane ? what + " on a lane" : what);
    }

    private void waitForRelease() {
        try {
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theyBlockAndThrowWithoutHarm() throws Exception {
        InMemoryTransport transport = InMemoryTransport.create().onCommand((session, command) -> {
            called(command.text());
            throw new IllegalStateException("deliberate");
        });
        engine.complete(Engine.builder()
                .lanes(1)
                .transport(transport)
                .sessionListener(new SessionListener() {
                    @Override
                    public void onOpened(Session session) {
                        waitForRelease();
                        called("opened");
                    }

                    @Override
                    public void onDetached(Session session, CloseReason reason) {
                        called("detached");
                        throw new AssertionError("deliberate");
                    }

                    @Override
                    public void onResumed(Session session, CloseReason lost) {
                        called("resumed");
                    }

                    @Override
                    public void onClosed(Session session, CloseReason reason) {
                        called("closed " + reason.kind());
                        closed.countDown();
                    }
                })
                .open());
        Guild guild = engine.join().guild("g");
        InMemoryClient client = transport.connect("c");
        client.session().subscribe(guild);
        assertThat(client.send(Event.of("C", "command"))).isEqualTo(Outcome.ENQUEUED);
        receives(guild, client, "1");
        client.disconnect();
        InMemoryClient back = client.resume();
        receives(guild, back, "2");
        release.countDown();
        back.session().close(CloseReason.REQUESTED);
        back.session().close(CloseReason.CLIENT_LEFT);
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        engine.join().close();
        assertThat(calls.stream().filter(call -> !call.equals("command")))
                .containsExactly("opened", "detached", "resumed", "closed REQUESTED");
        assertThat(engine.join().stats().subscriberFailures())
                .isEqualTo(calls.contains("command") ? 2 : 1); // none for a session that is over
    }

    private static void receives(Guild guild, InMemoryClient client, String text) throws InterruptedException {
        assertThat(guild.publish(Event.of("E", text))).isNotNull();
        String seen;
        do {
            var next = client.take(Duration.ofSeconds(30));
            assertThat(next).isNotNull();
            seen = next.event().text();
        } while (!seen.equals(text));
    }
}
