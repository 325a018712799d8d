package dev.guildhall.testkit;

import dev.guildhall.DrainReport;
import dev.guildhall.Engine;
import dev.guildhall.GuildStats;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What is left of a test when it should be nothing. */
final class Leaks {
    /** Guilds that are looked at, the hottest first: as many as an engine tells. */
    private static final int MOST_GUILDS = 1_000;

    private Leaks() {}

    /** Sessions that application code has not closed, when all clients have left and nothing is left to run. */
    static void ofSessions(Engine engine, List<String> leaks) {
        long sessions = engine.stats().sessions();
        if (sessions > 0) {
            leaks.add(count(sessions, "session")
                    + " still open, though all clients have left; close them, or say leaveSessionsOpen()");
        }
        for (GuildStats guild : engine.hotGuilds(MOST_GUILDS)) {
            if (guild.subscriptions() > 0) {
                leaks.add(count(guild.subscriptions(), "subscription") + " left in guild " + guild.id());
            }
        }
    }

    /** Messages that no handler has taken, when nothing is left to run. */
    static void ofMailboxes(Engine engine, List<String> leaks) {
        for (GuildStats guild : engine.hotGuilds(MOST_GUILDS)) {
            int backlog = engine.guild(guild.id()).backlog();
            if (backlog > 0) {
                leaks.add(count(backlog, "message") + " waiting for the handler of guild " + guild.id());
            }
        }
    }

    /** What the engine itself has kept after its end. */
    static void ofEngine(Engine engine, CompletableFuture<DrainReport> drained, TestTasks tasks, List<String> leaks) {
        if (!drained.isDone()) {
            leaks.add(
                    "the engine does not come to its end: something waits that nothing will wake, or for time to pass");
            return;
        }
        if (!drained.join().complete()) {
            leaks.add("the engine gave up waiting for its end: " + drained.join());
        }
        if (engine.stats().sessions() != 0 || engine.stats().detached() != 0) {
            leaks.add("sessions outlive the engine: " + engine.stats());
        }
        if (tasks.waiting() > 0) {
            leaks.add(count(tasks.waiting(), "task") + " waiting after the end");
        }
    }

    /** What the process holds in direct buffers that it did not hold before the engine opened. */
    static void ofDirectMemory(long before, long allowed, List<String> leaks) {
        long growth = DirectMemory.growth(before, allowed);
        if (growth > allowed) {
            leaks.add("direct memory has grown by " + growth + " bytes, and " + allowed
                    + " are allowed; release the buffers, or if a pool keeps them, say maxDirectMemoryGrowth(bytes)");
        }
    }

    private static String count(long number, String what) {
        return number == 1 ? "1 " + what + " is" : number + " " + what + "s are";
    }
}
