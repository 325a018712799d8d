package dev.guildhall.bench.rivals;

import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.bench.Figures;
import dev.guildhall.bench.Recipient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many deliveries a second does a guild of 10,000 sessions make if 8 threads publish, over those if 1 does? Both publish the same
 * number of events as fast as the guild takes them, in turns, and the clock runs until the last recipient has the last event.
 */
final class PublishersRun {
    private static final int SESSIONS = 10_000;
    private static final int EVENT_BYTES = 128;
    private static final int EVENTS = 8_000;
    private static final int THREADS = 8;
    private static final int WARM_UP_ROUNDS = 4;
    private static final double LEAST_RATIO = 0.7;
    private static final int ROUNDS = 9;

    private final Recipient[] recipients = new Recipient[SESSIONS];
    private final Event event = GuildhallFanOut.event(new byte[EVENT_BYTES]);
    private long received;

    /** Measures and prints. */
    void measure() throws InterruptedException {
        for (int i = 0; i < SESSIONS; i++) {
            recipients[i] = new Recipient();
        }
        try (GuildhallFanOut hall = new GuildhallFanOut(new Recipient[][] {recipients}, new byte[EVENT_BYTES])) {
            Guild guild = hall.guild();
            double[] ratios = new double[ROUNDS];
            for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
                boolean manyFirst = Math.floorMod(round, 2) == 0;
                double first = deliveriesPerSecond(guild, manyFirst ? THREADS : 1);
                double second = deliveriesPerSecond(guild, manyFirst ? 1 : THREADS);
                double many = manyFirst ? first : second;
                double one = manyFirst ? second : first;
                if (round >= 0) {
                    ratios[round] = many / one;
                    System.out.printf(
                            Locale.ROOT, "1 thread %,13.0f, %d threads %,13.0f deliveries/s%n", one, THREADS, many);
                }
            }
            Figures.printGatedFromBelow("publish.8-threads-ratio", ratios, LEAST_RATIO);
        }
    }

    private double deliveriesPerSecond(Guild guild, int threads) throws InterruptedException {
        long began = System.nanoTime();
        List<Thread> publishers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            publishers.add(Thread.ofPlatform().start(() -> publish(guild, EVENTS / threads)));
        }
        for (Thread publisher : publishers) {
            publisher.join();
        }
        received += EVENTS;
        Recipient.awaitAll(recipients, received);
        return (double) EVENTS * SESSIONS * 1e9 / (System.nanoTime() - began);
    }

    private void publish(Guild guild, int events) {
        for (int i = 0; i < events; i++) {
            guild.publish(event);
        }
    }
}
