package dev.guildhall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {

    @Test
    void everySubscriberReceivesWhatIsPublishedAndClosingWaitsForIt() {
        List<String> alice = new CopyOnWriteArrayList<>();
        List<String> bob = new CopyOnWriteArrayList<>();
        try (Engine engine = Engine.open()) {
            Guild lobby = engine.guild("lobby");
            engine.openSession("alice", event -> alice.add(event.text())).subscribe(lobby);
            engine.openSession("bob", event -> bob.add(event.text())).subscribe(lobby);
            for (int i = 0; i < 1_000; i++) {
                assertThat(lobby.publish(Event.of("MESSAGE", "m" + i)).outcome())
                        .isEqualTo(Outcome.ORDERED);
            }
        }
        assertThat(alice).hasSize(1_000).startsWith("m0", "m1").endsWith("m999");
        assertThat(bob).isEqualTo(alice);
    }

    @Test
    void anEventCarriesItsPlace() throws Exception {
        AtomicReference<Event> received = new AtomicReference<>();
        try (Engine engine = Engine.open()) {
            Guild lobby = engine.guild("lobby");
            Subscription subscription =
                    engine.openSession("alice", received::set).subscribe(lobby);
            Receipt receipt = lobby.publish(Event.of("MESSAGE", "hello"));
            assertThat(receipt.offset()).isEqualTo(subscription.firstOffset());
            assertThat(receipt.epoch()).isEqualTo(lobby.epoch());
        }
        assertThat(received.get().guildId()).isEqualTo("lobby");
        assertThat(received.get().type()).isEqualTo("MESSAGE");
        assertThat(received.get().offset()).isEqualTo(1);
        assertThat(received.get().payload().isReadOnly()).isTrue();
    }

    @Test
    void masksDecideWhoReceives() {
        List<String> odd = new CopyOnWriteArrayList<>();
        List<String> both = new CopyOnWriteArrayList<>();
        try (Engine engine = Engine.open()) {
            Guild guild = engine.guild("g");
            engine.openSession("odd", SessionOptions.DEFAULT.withInline(), event -> odd.add(event.text()))
                    .subscribe(guild, 0b01);
            engine.openSession("both", event -> both.add(event.text())).subscribe(guild, 0b11);
            guild.publish(Event.of("E", "for 1").needing(0b01));
            guild.publish(Event.of("E", "for 2").needing(0b10));
            guild.publish(Event.of("E", "for 1 and 2").needing(0b11));
            guild.publish(Event.of("E", "for all"));
        }
        assertThat(odd).containsExactly("for 1", "for all");
        assertThat(both).containsExactly("for 1", "for 2", "for 1 and 2", "for all");
    }

    @Test
    void subscribingTwiceIsOneSubscriptionAndLeavingEndsIt() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        try (Engine engine = Engine.open()) {
            Guild guild = engine.guild("g");
            Session session =
                    engine.openSession("s", SessionOptions.DEFAULT.withInline(), event -> received.add(event.text()));
            Subscription first = session.subscribe(guild);
            assertThat(session.subscribe(guild)).isSameAs(first);
            assertThat(session.subscription(guild)).isSameAs(first);
            assertThat(guild.subscriptionCount()).isEqualTo(1);
            guild.publish(Event.of("E", "before"));
            first.unsubscribe();
            first.unsubscribe();
            assertThat(session.subscription(guild)).isNull();
            Subscription second = session.subscribe(guild);
            assertThat(second).isNotSameAs(first);
            assertThat(second.firstOffset()).isGreaterThan(first.firstOffset());
            guild.publish(Event.of("E", "after"));
        }
        assertThat(received).contains("after").doesNotHaveDuplicates();
    }

    @Test
    void aDirectSendReachesOneSession() {
        List<String> received = new CopyOnWriteArrayList<>();
        Session session;
        try (Engine engine = Engine.open()) {
            session = engine.openSession("s", event -> received.add(event.text()));
            for (int i = 0; i < 100; i++) {
                assertThat(session.send(Event.of("E", "d" + i))).isEqualTo(Outcome.ENQUEUED);
            }
        }
        assertThat(received).hasSize(100).startsWith("d0", "d1", "d2").endsWith("d99");
        assertThat(session.send(Event.of("E", "late"))).isEqualTo(Outcome.CLOSED);
    }

    @Test
    void closingASessionTellsItsSubscriberOnceAndFreesItsPlace() throws Exception {
        CompletableFuture<CloseReason> closed = new CompletableFuture<>();
        CompletableFuture<CloseReason> closedTwice = new CompletableFuture<>();
        try (Engine engine = Engine.open()) {
            Guild guild = engine.guild("g");
            Session session = engine.openSession("s", new Subscriber() {
                @Override
                public void onEvent(Event event) {}

                @Override
                public void onClose(CloseReason reason) {
                    if (!closed.complete(reason)) {
                        closedTwice.complete(reason);
                    }
                }
            });
            session.subscribe(guild);
            session.close(CloseReason.REQUESTED);
            session.close(CloseReason.CLIENT_LEFT);
            assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(CloseReason.REQUESTED);
            assertThat(session.isOpen()).isFalse();
            assertThat(session.closeReason()).isEqualTo(CloseReason.REQUESTED);
            assertThat(session.subscribe(guild).outcome()).isEqualTo(Outcome.CLOSED);
            assertThat(guild.subscriptionCount()).isZero();
        }
        assertThat(closedTwice).isNotDone();
    }

    @Test
    void afterCloseEverythingAnswersClosed() {
        Engine engine = Engine.open();
        Guild guild = engine.guild("g");
        Session session = engine.openSession("s", event -> {});
        engine.close();
        engine.close();
        assertThat(guild.tryPublish(Event.of("E", "x"))).isEqualTo(Outcome.CLOSED);
        assertThat(guild.publish(Event.of("E", "x"))).isEqualTo(new Receipt(Outcome.CLOSED, 0, -1));
        assertThat(engine.guild("new").tryPublish(Event.of("E", "x"))).isEqualTo(Outcome.CLOSED);
        assertThat(session.closeReason()).isEqualTo(CloseReason.ENGINE_CLOSED);
        assertThat(engine.openSession("t", event -> {}).isOpen()).isFalse();
        assertThat(engine.stats().sessions()).isZero();
    }

    @Test
    void aSubscriberThatThrowsIsCountedAndGoesOn() {
        List<String> received = new CopyOnWriteArrayList<>();
        Engine engine = Engine.open();
        Guild guild = engine.guild("g");
        Subscriber failing = event -> {
            received.add(event.text());
            throw new IllegalStateException("deliberate");
        };
        engine.openSession("inline", SessionOptions.DEFAULT.withInline(), failing)
                .subscribe(guild);
        engine.openSession("own", failing).subscribe(guild);
        guild.publish(Event.of("E", "1"));
        guild.publish(Event.of("E", "2"));
        engine.close();
        assertThat(received).containsExactlyInAnyOrder("1", "1", "2", "2");
        assertThat(engine.stats().subscriberFailures()).isEqualTo(4);
    }

    @Test
    void blockingCallsRefuseOnALane() throws Exception {
        CompletableFuture<Throwable> onPublish = new CompletableFuture<>();
        CompletableFuture<Throwable> onClose = new CompletableFuture<>();
        try (Engine engine = Engine.open()) {
            Guild guild = engine.guild("g");
            engine.openSession("s", SessionOptions.DEFAULT.withInline(), event -> {
                        onPublish.complete(catching(() -> guild.publish(event)));
                        onClose.complete(catching(engine::close));
                    })
                    .subscribe(guild);
            guild.publish(Event.of("E", "x"));
            assertThat(onPublish.get(10, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
            assertThat(onClose.get(10, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aPublishFromAWalkIsWalkedAfterIt() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        CountDownLatch three = new CountDownLatch(3);
        try (Engine engine = Engine.builder().lanes(1).open()) {
            Guild guild = engine.guild("g");
            engine.openSession("echo", SessionOptions.DEFAULT.withInline(), event -> {
                        received.add(event.text());
                        if (event.text().length() < 3) {
                            assertThat(guild.tryPublish(Event.of("E", event.text() + "x")))
                                    .isEqualTo(Outcome.ORDERED);
                        }
                        received.add("done " + event.text());
                        three.countDown();
                    })
                    .subscribe(guild);
            guild.publish(Event.of("E", "x"));
            assertThat(three.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(received).containsExactly("x", "done x", "xx", "done xx", "xxx", "done xxx");
    }

    @Test
    void misuseNamesTheValueAndTheBound() {
        try (Engine engine = Engine.open();
                Engine other = Engine.open()) {
            assertThatThrownBy(() -> engine.guild(""))
                    .hasMessageContaining("1 to 200")
                    .hasMessageContaining("had 0");
            assertThatThrownBy(() -> engine.guild("x".repeat(10_240))).hasMessageContaining("had 10240");
            assertThatThrownBy(() -> engine.guild("a\nb")).hasMessageContaining("\\u000a at index 1");
            assertThatThrownBy(() -> Event.of("", "x")).hasMessageContaining("had 0");
            assertThatThrownBy(() -> engine.openSession("s", event -> {}).subscribe(other.guild("g")))
                    .hasMessageContaining("another engine");
            assertThatThrownBy(
                            () -> SessionOptions.builder().maxBacklogEvents(3).build())
                    .hasMessageContaining("was 3");
            assertThatThrownBy(() -> Engine.builder().lanes(0).open()).hasMessageContaining("lanes must be between 1");
            assertThatThrownBy(() ->
                            Engine.builder().drainTimeout(Duration.ofDays(1)).open())
                    .hasMessageContaining("PT24H");
        }
    }

    private static Throwable catching(Runnable action) {
        try {
            action.run();
            return new AssertionError("nothing was thrown");
        } catch (RuntimeException e) {
            return e;
        }
    }
}
