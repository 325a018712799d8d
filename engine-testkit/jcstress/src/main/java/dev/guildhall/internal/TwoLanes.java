package dev.guildhall.internal;

import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.Event;
import dev.guildhall.Lane;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import dev.guildhall.memory.Received;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/**
 * A whole engine of two lanes, each of which runs on the thread that calls {@link #run}; not both threads may run one lane at once.
 * Time stands still.
 */
final class TwoLanes {
    private final Tasks first = new Tasks();
    private final Tasks second = new Tasks();
    final InMemoryTransport transport = InMemoryTransport.create();
    final Engine engine;

    TwoLanes(UnaryOperator<EngineBuilder> configuration) {
        engine = configuration
                .apply(Engine.builder()
                        .laneExecutors(List.of(first, second))
                        .blockingExecutor(Runnable::run)
                        .clock(new Parts.StandingClock())
                        .logCapacity(Parts.CAPACITY)
                        .transport(transport))
                .open();
    }

    TwoLanes() {
        this(UnaryOperator.identity());
    }

    Lane lane(int index) {
        return engine.lanes().get(index);
    }

    InMemoryClient connect(SessionOptions options, int lane) {
        return transport.connect("u", options, lane(lane));
    }

    /** Runs what waits on one lane. */
    boolean run(int lane) {
        return (lane == 0 ? first : second).runAll();
    }

    /** Runs both lanes until nothing is left to do. */
    void runBoth() {
        boolean more = true;
        while (more) {
            boolean ran = run(0);
            more = run(1) || ran;
        }
    }

    /** How many events of a type a client has got. */
    static int count(InMemoryClient client, String type) {
        int count = 0;
        for (Received next = client.poll(); next != null; next = client.poll()) {
            count += next.event().type().equals(type) ? 1 : 0;
        }
        return count;
    }

    static Event event() {
        return Event.of("E", "{}");
    }

    private static final class Tasks implements Executor {
        private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

        @Override
        public void execute(Runnable task) {
            waiting.add(task);
        }

        boolean runAll() {
            boolean ran = false;
            for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
                task.run();
                ran = true;
            }
            return ran;
        }
    }
}
