package dev.guildhall.bench.rivals;

import com.typesafe.config.ConfigFactory;
import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An actor per topic that tells each of its recipients' actors. One dispatcher with a thread per processor, a batch of 64
 * messages per turn, and the mailbox for a single consumer.
 */
final class PekkoFanOut implements FanOut {
    private static final String CONFIG = """
            pekko {
              loglevel = WARNING
              log-dead-letters = off
              actor {
                default-mailbox.mailbox-type = "org.apache.pekko.dispatch.SingleConsumerOnlyUnboundedMailbox"
                default-dispatcher {
                  throughput = 64
                  fork-join-executor { parallelism-min = 1, parallelism-factor = 1.0 }
                }
              }
            }
            """;

    private final List<ActorRef<byte[]>> topics;
    private final ActorSystem<Void> system;
    private final Turns<byte[]> events;

    PekkoFanOut(Recipient[][] topics, byte[]... events) {
        this.events = new Turns<>(List.of(events));
        CompletableFuture<List<ActorRef<byte[]>>> started = new CompletableFuture<>();
        Behavior<Void> guardian = Behaviors.setup(context -> {
            List<ActorRef<byte[]>> refs = new ArrayList<>();
            for (Recipient[] recipients : topics) {
                refs.add(context.spawnAnonymous(topic(recipients)));
            }
            started.complete(refs);
            return Behaviors.empty();
        });
        system = ActorSystem.create(
                guardian, "bench", ConfigFactory.parseString(CONFIG).withFallback(ConfigFactory.load()));
        this.topics = started.join();
    }

    private static Behavior<byte[]> topic(Recipient[] recipients) {
        return Behaviors.setup(context -> {
            List<ActorRef<byte[]>> sessions = new ArrayList<>();
            for (Recipient recipient : recipients) {
                sessions.add(context.spawnAnonymous(session(recipient)));
            }
            return Behaviors.receiveMessage(event -> {
                for (ActorRef<byte[]> session : sessions) {
                    session.tell(event);
                }
                return Behaviors.same();
            });
        });
    }

    private static Behavior<byte[]> session(Recipient recipient) {
        return Behaviors.receiveMessage(event -> {
            recipient.receive(event.length);
            return Behaviors.same();
        });
    }

    @Override
    public void publish() {
        byte[] event = events.next();
        for (ActorRef<byte[]> topic : topics) {
            topic.tell(event);
        }
    }

    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
