package dev.guildhall.testkit.simulation;

import java.util.concurrent.CompletableFuture;

/** What happens in one schedule, from the first step to the closed engine. */
final class Schedule {
    private static final int STEPS = 60;

    private final World world;
    private final Trace trace;

    Schedule(World world) {
        this.world = world;
        this.trace = world.trace;
    }

    void play() {
        for (Client client : world.clients) {
            if (world.random.nextBoolean()) {
                world.topics.forEach(client::subscribe);
            }
        }
        for (int step = 0; step < STEPS; step++) {
            act();
            for (int i = world.random.nextInt(6); i > 0; i--) {
                world.step();
            }
        }
        boolean early = world.random.nextInt(5) == 0;
        if (early) {
            trace.count("drained in the middle");
            world.clients.forEach(Client::comeBack);
        } else {
            finish();
        }
        drain();
        world.clients.forEach(Client::checkCloseReason);
        if (early) {
            world.clients.forEach(client -> client.checkReceived(false));
        }
        world.checkAccounts();
    }

    private void act() {
        Client client = world.clients.get(world.random.nextInt(world.clients.size()));
        Topic topic = world.topics.get(world.random.nextInt(world.topics.size()));
        int what = world.random.nextInt(100);
        trace.note("act", what, client.number);
        switch (what) {
            case 0, 1, 2, 3, 4 -> client.stallOrUnstall();
            case 5, 6, 7, 8 -> client.cut();
            case 9, 10, 11, 12 -> hold();
            case 13, 14, 15, 16, 17, 18, 19, 20 -> client.comeBack();
            case 21, 22, 23, 24, 25, 26 -> client.subscribeOrLeave(topic);
            case 27, 28, 29, 30, 31, 32, 33, 34 -> client.read(world.random.nextInt(20));
            case 35, 36, 37 -> client.acknowledge();
            case 38, 39, 40 -> client.send(world.random.nextInt(10) == 0 ? 150 : 1 + world.random.nextInt(5));
            case 41, 42, 43, 44 -> breakSoon(client);
            case 45, 46, 47, 48, 49 -> ask(topic);
            case 50, 51, 52, 53 -> changeAudience(client, topic);
            case 54 -> burst(topic, 2 * Conditions.SMALL_LOG);
            case 55, 56 -> burst(topic, 20);
            case 57, 58, 59 -> revive(topic);
            case 60, 61 -> lap(topic);
            case 62, 63 -> pause();
            case 64 -> endOnPurpose(client);
            case 65, 66, 67, 68, 69, 70, 71 -> letTimePass();
            default -> burst(topic, 1 + world.random.nextInt(4));
        }
        world.throwIfFailed();
    }

    private void burst(Topic topic, int count) {
        for (int i = 0; i < count && world.canTake(topic); i++) {
            topic.publish();
        }
    }

    private void hold() {
        if (world.conditions.heldLanes()) {
            trace.count("lane held back");
            world.holdLane(10 + world.random.nextInt(60));
        }
    }

    private void breakSoon(Client client) {
        if (world.conditions.breakingLinks()) {
            client.breakSoon();
        }
    }

    private void endOnPurpose(Client client) {
        if (world.random.nextInt(4) == 0) {
            client.endOnPurpose();
        }
    }

    private void revive(Topic topic) {
        if (world.engine.revive(topic.id)) {
            trace.count("guild revived");
        }
    }

    private void ask(Topic topic) {
        if (topic.hasHandler && world.canTake(topic)) {
            world.ask(topic, new Room.Say());
        }
    }

    private void changeAudience(Client client, Topic topic) {
        if (!world.conditions.audiences()) {
            return;
        }
        switch (world.random.nextInt(5)) {
            case 0 -> client.changeMode(topic);
            case 1 -> client.changeInterests(topic);
            case 2 -> topic.kick(client.user);
            default -> topic.setInterests(client.user, world.someMask());
        }
    }

    /** Lanes that do not run for longer than a full log waits for them lose their place in it. */
    private void lap(Topic topic) {
        if (world.conditions.isSmallLog() && !topic.hasHandler) {
            burst(topic, 2 * Conditions.SMALL_LOG);
            world.clock.advance(Conditions.STALL.dividedBy(SimulatedClock.TICK));
            burst(topic, world.random.nextInt(Conditions.SMALL_LOG));
        }
    }

    /** Mostly a moment; now and then so long that sessions and guilds that wait for somebody end. */
    private void letTimePass() {
        int kind = world.random.nextInt(30);
        if (kind < 2 && world.conditions.jumps()) {
            trace.count("clock jump");
            world.clock.advance((kind == 0 ? Conditions.GUILD_IDLE.multipliedBy(2) : Conditions.RESUME_WINDOW)
                    .plusSeconds(1)
                    .dividedBy(SimulatedClock.TICK));
        } else {
            world.clock.advance(1 + world.random.nextInt(40));
        }
    }

    /** Once nothing is left to run, every client that reads must have everything. A wake-up that was lost would be mended by the next. */
    private void pause() {
        world.runAll();
        for (int i = 0; i < 100 && world.clients.stream().anyMatch(Schedule::hasUnread); i++) {
            world.clients.stream().filter(Client::isHealthy).forEach(Client::readEverything);
            world.runAll();
        }
        trace.count("pause");
        world.checkMemory();
        world.clients.stream().filter(Client::isCaughtUp).forEach(client -> client.checkReceived(true));
    }

    private static boolean hasUnread(Client client) {
        return client.isHealthy() && !client.isCaughtUp();
    }

    private void finish() {
        world.calmDown();
        world.runAll();
        world.clients.forEach(Client::recover);
        pause();
        world.clock.advance(Conditions.STALL.dividedBy(SimulatedClock.TICK)); // restarts are due
        world.runAll();
        world.topics.forEach(this::revive);
        world.runAll();
        world.topics.forEach(topic -> Violation.unless(
                topic.guild().isAvailable() && topic.guild().backlog() == 0, "%s does not recover", topic));
        for (int i = 0;
                i < 100 && world.clients.stream().anyMatch(client -> !client.isOver() && !client.isCaughtUp());
                i++) {
            world.clients.forEach(Client::recover);
            world.runAll();
        }
        for (Client client : world.clients) {
            Violation.unless(client.isOver() || client.isCaughtUp(), "%s does not catch up", client);
            client.checkReceived(!client.isOver());
        }
    }

    private void drain() {
        world.calmDown();
        world.clients.forEach(Client::closeIfGivenUp);
        world.clients.forEach(Client::heal);
        CompletableFuture<?> drained = world.drain();
        world.runAll();
        Violation.unless(drained.isDone(), "the engine does not drain");
    }
}
