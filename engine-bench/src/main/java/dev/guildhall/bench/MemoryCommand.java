package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscriber;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench memory}: what an idle session with one subscription costs in heap. It is measured in a JVM of its own under G1:
 * the heap after full collections, with the sessions less without them. Each session has received events before, so what is
 * kept after traffic counts too.
 */
@Command(name = "memory", mixinStandardHelpOptions = true, description = "Heap of an idle, subscribed session.")
final class MemoryCommand implements Callable<Integer> {
    private static final int EVENTS = 10;

    @Option(names = "--sessions", defaultValue = "1000000", description = "Sessions to open (default 1,000,000).")
    private int sessions;

    @Option(names = "--in-this-jvm", hidden = true)
    private boolean inThisJvm;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (inThisJvm) {
            measure();
            return 0;
        }
        ChildJvm.run("4g", List.of("memory", "--sessions", Integer.toString(sessions), "--in-this-jvm"));
        return 0;
    }

    private void measure() {
        double inline = bytesPerSession("inline subscriber", SessionOptions.DEFAULT.withInline());
        double own = bytesPerSession("default subscriber", SessionOptions.DEFAULT);
        System.out.println();
        Figures.print("memory.idle-session-bytes", Math.max(inline, own));
        Figures.print("memory.idle-session-bytes.inline", inline);
        Figures.print("memory.idle-session-bytes.default", own);
    }

    private double bytesPerSession(String name, SessionOptions options) {
        Session[] opened = new Session[sessions];
        long before = ChildJvm.usedHeap();
        try (Engine engine = Engine.open()) {
            Guild guild = engine.guild("memory");
            Subscriber subscriber = event -> {};
            for (int i = 0; i < sessions; i++) {
                opened[i] = engine.openSession("user", options, subscriber);
                opened[i].subscribe(guild);
            }
            for (int i = 0; i < EVENTS; i++) {
                guild.publish(Event.of("MEMORY", "x"));
            }
            long expected = (long) sessions * EVENTS;
            while (engine.stats().written() < expected) {
                Thread.onSpinWait();
            }
            double bytes = (ChildJvm.usedHeap() - before) / (double) sessions;
            System.out.printf(
                    Locale.ROOT, "%,d idle sessions, %-18s: %.1f bytes of heap each%n", opened.length, name, bytes);
            return bytes;
        }
    }
}
