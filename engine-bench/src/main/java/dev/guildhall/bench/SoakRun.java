package dev.guildhall.bench;

import dev.guildhall.OverflowPolicy;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A soak: one engine with clients that lose events and are told so, and one with clients that are cut off and come back, over
 * loopback in this JVM. In the middle and at the end everybody comes to rest; then the balance is struck and the heap and Netty's direct
 * memory are measured.
 */
final class SoakRun {
    private static final int SAMPLES = 5;

    private final Duration length;
    private final int clientsOfEach;
    private final long seed;
    private final SoakTally tally = new SoakTally();

    /** What came of it. */
    record Result(SoakTally tally, double memoryMiddle, double memoryEnd) {
        double growthPercent() {
            return 100 * (memoryEnd - memoryMiddle) / memoryMiddle;
        }
    }

    SoakRun(Duration length, int clients, long seed) {
        this.length = length;
        this.clientsOfEach = Math.max(1, clients / 2);
        this.seed = seed;
    }

    Result run() throws InterruptedException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        List<SoakHall> halls = new ArrayList<>();
        Random random = new Random(seed);
        try {
            for (OverflowPolicy policy :
                    List.of(OverflowPolicy.DROP_OLDEST_WITH_GAP, OverflowPolicy.DISCONNECT_RESUMABLE)) {
                halls.add(new SoakHall(policy, clientsOfEach, random.nextLong(), tally, loops));
            }
            double middle = half(halls, random);
            return new Result(tally, middle, half(halls, random));
        } finally {
            halls.forEach(SoakHall::close);
            loops.shutdownGracefully().syncUninterruptibly();
        }
    }

    /** Mixes for half of the time; answers the bytes in use afterwards. */
    private double half(List<SoakHall> halls, Random random) throws InterruptedException {
        halls.forEach(hall -> hall.mix(random.nextLong()));
        Thread.sleep(length.dividedBy(2));
        for (SoakHall hall : halls) {
            hall.settle();
        }
        System.out.printf("at rest: heap %d KiB, direct %d KiB%n", ChildJvm.usedHeap() >> 10, usedDirect() >> 10);
        double[] samples = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            samples[i] = (double) (ChildJvm.usedHeap() + usedDirect());
        }
        return Figures.median(samples);
    }

    private static long usedDirect() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? provider.metric().usedDirectMemory()
                : 0;
    }
}
