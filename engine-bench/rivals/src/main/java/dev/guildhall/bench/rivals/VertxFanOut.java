package dev.guildhall.bench.rivals;

import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An address per topic and a local consumer per recipient, spread over verticles of which each event loop runs one. The body is
 * handed on as it is, by a codec of its own: the bus would copy a byte array for each consumer.
 */
final class VertxFanOut implements FanOut {
    private final Vertx vertx;
    private final EventBus bus;
    private final String[] addresses;
    private final Turns<byte[]> events;
    private final DeliveryOptions options =
            new DeliveryOptions().setCodecName(AsItIs.NAME).setLocalOnly(true);

    VertxFanOut(Recipient[][] topics, byte[]... events) {
        this.events = new Turns<>(List.of(events));
        int loops = Runtime.getRuntime().availableProcessors();
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setUseDaemonThread(true));
        bus = vertx.eventBus().registerCodec(new AsItIs());
        addresses = new String[topics.length];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = "bench-" + i;
        }
        AtomicInteger share = new AtomicInteger();
        vertx.deployVerticle(
                        () -> new Sessions(topics, share.getAndIncrement(), loops),
                        new DeploymentOptions().setInstances(loops))
                .await();
    }

    @Override
    public void publish() {
        byte[] event = events.next();
        for (String address : addresses) {
            bus.publish(address, event, options);
        }
    }

    @Override
    public void close() {
        // Not waited for: each of 100,000 consumers is looked for in a list of them all.
        vertx.close();
    }

    /** A share of the recipients of each topic, which lie together in memory. */
    private final class Sessions extends VerticleBase {
        private final Recipient[][] topics;
        private final int share;
        private final int shares;

        Sessions(Recipient[][] topics, int share, int shares) {
            this.topics = topics;
            this.share = share;
            this.shares = shares;
        }

        @Override
        public Future<?> start() {
            for (int topic = 0; topic < topics.length; topic++) {
                int count = topics[topic].length;
                for (int i = count * share / shares; i < count * (share + 1) / shares; i++) {
                    Recipient recipient = topics[topic][i];
                    bus.<byte[]>localConsumer(addresses[topic], message -> recipient.receive(message.body().length));
                }
            }
            return Future.succeededFuture();
        }
    }

    /** For bodies that nobody changes and that never leave the process. */
    private static final class AsItIs implements MessageCodec<byte[], byte[]> {
        static final String NAME = "as-it-is";

        @Override
        public void encodeToWire(Buffer buffer, byte[] body) {
            throw new UnsupportedOperationException("this bus is local");
        }

        @Override
        public byte[] decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException("this bus is local");
        }

        @Override
        public byte[] transform(byte[] body) {
            return body;
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public byte systemCodecID() {
            return -1; // what every codec that is not Vert.x's own answers
        }
    }
}
