package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;
import dev.guildhall.SessionListener;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscriber;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench memory}: what an idle session with one subscription costs in heap. It is measured in a JVM of its own under G1:
 * the heap after full collections, with the sessions less without them. Each session has received events before, so what is
 * kept after traffic counts too.
 *
 * <p>Sessions of subscribers count with the connection that the engine gives them. Those of a transport are attached, can be
 * resumed, and their clients have acknowledged what they received; they share a connection that writes nowhere, because what a
 * connection costs is the transport's. They are measured with and without a {@link SessionListener}.
 */
@Command(name = "memory", mixinStandardHelpOptions = true, description = "Heap of an idle, subscribed session.")
final class MemoryCommand implements Callable<Integer> {
    private static final int EVENTS = 10;
    private static final int SESSIONS_AT_ONCE = 1_024;

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
        double inline = ofSubscribers("inline subscriber", SessionOptions.DEFAULT.withInline());
        double own = ofSubscribers("default subscriber", SessionOptions.DEFAULT);
        double resumable = ofTransport("resumable", false);
        double withListener = ofTransport("resumable with listener", true);
        System.out.println();
        Figures.print("memory.idle-session-bytes", Math.max(inline, own));
        Figures.print("memory.idle-session-bytes.inline", inline);
        Figures.print("memory.idle-session-bytes.default", own);
        Figures.print("memory.idle-session-bytes.resumable", resumable);
        Figures.print("memory.idle-session-bytes.resumable-with-listener", withListener);
    }

    private double ofSubscribers(String name, SessionOptions options) {
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
            while (engine.stats().written() < (long) sessions * EVENTS) {
                Thread.onSpinWait();
            }
            return report(name, opened.length, before);
        }
    }

    private double ofTransport(String name, boolean listens) {
        Attachment[] opened = new Attachment[sessions];
        ManualLane lane = new ManualLane();
        Connection connection = lane.connect(new Recipient());
        LongAdder calls = new LongAdder();
        long before = ChildJvm.usedHeap();
        Engine engine = open(lane, listens, calls);
        Guild guild = engine.guild("memory");
        for (int i = 0; i < sessions; i++) {
            opened[i] = lane.open(connection);
            opened[i].session().subscribe(guild);
            if (i % SESSIONS_AT_ONCE == 0) {
                lane.run(); // each subscription takes a place in the guild's log
            }
        }
        for (int i = 0; i < EVENTS; i++) {
            guild.publish(Event.of("MEMORY", "x"));
        }
        lane.run();
        for (Attachment attachment : opened) {
            attachment.acknowledged(EVENTS);
        }
        lane.run();
        while (listens && calls.sum() < sessions) {
            Thread.onSpinWait();
        }
        double bytes = report(name, opened.length, before);
        if (engine.stats().written() != (long) sessions * EVENTS) {
            throw new IllegalStateException("not every session was written " + EVENTS + " events: " + engine.stats());
        }
        lane.close(engine);
        return bytes;
    }

    private static Engine open(ManualLane lane, boolean listens, LongAdder calls) {
        EngineBuilder builder = Engine.builder().transport(lane);
        if (listens) {
            builder.sessionListener(new SessionListener() {
                @Override
                public void onOpened(Session session) {
                    calls.increment();
                }
            });
        }
        return builder.open();
    }

    private static double report(String name, int sessions, long before) {
        double bytes = (ChildJvm.usedHeap() - before) / (double) sessions;
        System.out.printf(Locale.ROOT, "%,d idle sessions, %-23s: %.1f bytes of heap each%n", sessions, name, bytes);
        return bytes;
    }
}
