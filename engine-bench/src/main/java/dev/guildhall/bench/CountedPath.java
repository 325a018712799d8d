package dev.guildhall.bench;

import dev.guildhall.Activity;
import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.EngineBuilder;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Interests;
import dev.guildhall.Presence.Status;
import dev.guildhall.PresenceOptions;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.Subscription;
import dev.guildhall.spi.Attachment;
import dev.guildhall.spi.Connection;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.testkit.ManualClock;
import dev.guildhall.transport.netty.internal.GatewayWrites;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What is counted, each {@value #TIMES} times over: the ways an event of 128 bytes takes, which must not make garbage, and what sessions and guilds
 * do, which makes some. Everything runs on the calling thread, lanes included, so what it allocates is all that is allocated.
 */
enum CountedPath {
    /** Published in a guild that nobody is in. */
    PUBLISH {
        @Override
        long bytes() {
            Hall hall = new Hall(Integer.MAX_VALUE);
            return hall.count(hall::publishAll);
        }
    },

    /** Tried, in the same. */
    TRY_PUBLISH {
        @Override
        long bytes() {
            Hall hall = new Hall(Integer.MAX_VALUE);
            return hall.count(() -> {
                for (int i = 0; i < TIMES; i++) {
                    hall.guild.tryPublish(hall.event);
                }
            });
        }
    },

    /** Published and walked, event by event, to {@value #SESSIONS} inline subscribers. */
    INLINE {
        @Override
        long bytes() {
            Hall hall = new Hall(Integer.MAX_VALUE);
            hall.addInline();
            return hall.countBursts();
        }
    },

    /** The same, session by session. */
    INLINE_SESSION_MAJOR {
        @Override
        long bytes() {
            Hall hall = new Hall(1);
            hall.addInline();
            return hall.countBursts();
        }
    },

    /** Published for every other of {@value #SESSIONS} clients, walked event by event, numbered, written, kept for a resume. */
    RING {
        @Override
        long bytes() {
            Hall hall = new Hall(Integer.MAX_VALUE);
            hall.addClients();
            return hall.countBursts();
        }
    },

    /** The same, session by session. */
    RING_SESSION_MAJOR {
        @Override
        long bytes() {
            Hall hall = new Hall(1);
            hall.addClients();
            return hall.countBursts();
        }
    },

    /** Sent to one session directly, and written. */
    SEND {
        @Override
        long bytes() {
            Hall hall = new Hall(Integer.MAX_VALUE);
            Session session = hall.lane.open(hall.lane.connect(new Recipient())).session();
            return hall.count(() -> {
                for (int i = 0; i < TIMES; i++) {
                    session.send(hall.event);
                    hall.lane.run();
                }
            });
        }
    },

    /** A session of application code opened, subscribed and closed. */
    OPEN_AND_CLOSE {
        @Override
        long bytes() {
            Hall hall = new Hall(Integer.MAX_VALUE);
            return hall.count(() -> {
                for (int i = 0; i < TIMES; i++) {
                    Session session = hall.openInline();
                    session.subscribe(hall.guild);
                    hall.lane.run();
                    session.close(CloseReason.REQUESTED);
                    hall.lane.run();
                }
            });
        }
    },

    /** A subscription that comes and goes. */
    SUBSCRIBE {
        @Override
        long bytes() {
            Hall hall = new Hall(Integer.MAX_VALUE);
            Session session = hall.openInline();
            return hall.count(() -> {
                for (int i = 0; i < TIMES; i++) {
                    Subscription subscription = session.subscribe(hall.guild);
                    hall.lane.run();
                    subscription.unsubscribe();
                    hall.lane.run();
                }
            });
        }
    },

    /** A client that comes back and has missed nothing. */
    RESUME {
        @Override
        long bytes() {
            return new Returns().count(1);
        }
    },

    /** The same, to another lane each time, to which the session moves. */
    MOVE {
        @Override
        long bytes() {
            return new Returns().count(2);
        }
    },

    /** Changes of presence, and one more, of which the last is told at the next tick. */
    PRESENCE {
        @Override
        long bytes() {
            ManualClock clock = new ManualClock();
            Hall hall = new Hall(builder ->
                    builder.clock(clock).blockingExecutor(Runnable::run).presence(PresenceOptions.DEFAULT));
            Session session = hall.lane.open(hall.lane.connect(new Recipient())).session();
            session.subscribe(hall.guild);
            AtomicInteger changes = new AtomicInteger();
            return hall.count(() -> {
                for (int i = 0; i <= TIMES; i++) { // an odd number, so that there is something to tell each time
                    session.setPresence(
                            changes.getAndIncrement() % 2 == 0 ? Status.IDLE : Status.ONLINE, Activity.NONE);
                }
                hall.lane.run();
                clock.advance(PresenceOptions.DEFAULT_TICK);
                hall.lane.run();
            });
        }
    },

    /** A guild that is looked up for the first time, and published in. */
    GUILD_START {
        @Override
        long bytes() {
            Hall hall = new Hall(Integer.MAX_VALUE);
            String[] ids = IntStream.range(0, TIMES * AllocationCounter.RUNS)
                    .mapToObj(i -> "guild-" + i)
                    .toArray(String[]::new);
            AtomicInteger next = new AtomicInteger();
            return hall.count(() -> {
                for (int i = 0; i < TIMES; i++) {
                    hall.engine.guild(ids[next.getAndIncrement()]).tryPublish(hall.event);
                }
                hall.lane.run();
            });
        }
    },

    /** Written by the gateway to the socket of one client, eight at a time. */
    GATEWAY_WRITE {
        @Override
        boolean isPossible() {
            return GatewayWrites.isPossible();
        }

        @Override
        long bytes() {
            try (GatewayWrites writes = new GatewayWrites()) {
                return writes.count(TIMES, AllocationCounter::bytesOf);
            }
        }
    };

    static final int TIMES = 64;
    private static final int SESSIONS = 1_000;
    private static final int EVENT_BYTES = 128;

    /** What the path allocates in all. */
    abstract long bytes();

    /** Whether this machine has what the path needs. */
    boolean isPossible() {
        return true;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** An engine with a guild and one lane, which runs here. */
    private static final class Hall {
        final ManualLane lane = new ManualLane();
        final Engine engine;
        final Guild guild;
        final Event event = Event.of("BENCH", new byte[EVENT_BYTES]).needing(1);

        Hall(int sessionMajorFrom) {
            this(builder -> builder.sessionMajorFrom(sessionMajorFrom));
        }

        Hall(UnaryOperator<EngineBuilder> options) {
            engine = options.apply(Engine.builder().transport(lane)).open();
            guild = engine.guild("bench");
        }

        Session openInline() {
            return engine.openSession("bench", SessionOptions.DEFAULT.withInline(), got -> {});
        }

        void addInline() {
            for (int i = 0; i < SESSIONS; i++) {
                openInline().subscribe(guild, interests(i));
            }
            lane.run();
        }

        void addClients() {
            for (int i = 0; i < SESSIONS; i++) {
                lane.open(lane.connect(new Recipient())).session().subscribe(guild, interests(i));
            }
            lane.run();
        }

        private static Interests interests(int number) {
            return number % 2 == 0 ? Interests.of(0, 1) : Interests.of(1);
        }

        void publishAll() {
            for (int i = 0; i < TIMES; i++) {
                guild.publish(event);
            }
        }

        long countBursts() {
            return count(() -> {
                publishAll();
                lane.run();
            });
        }

        long count(Runnable work) {
            long bytes = AllocationCounter.bytesOf(work);
            lane.close(engine);
            return bytes;
        }
    }

    /** A client's session that is resumed again and again. */
    private static final class Returns {
        private final ManualLane lanes = new ManualLane(2);
        private final Engine engine = Engine.builder().transport(lanes).open();
        private final Connection connection = lanes.connect(new Recipient());
        private Attachment attachment = lanes.open(connection, 0);

        /** On so many lanes by turns. */
        long count(int onLanes) {
            attachment.session().subscribe(engine.guild("bench"));
            long bytes = AllocationCounter.bytesOf(() -> {
                for (int i = 0; i < TIMES; i++) {
                    lanes.resume(attachment, 0, i % onLanes, connection, this::answered);
                    lanes.run();
                }
            });
            lanes.close(engine);
            return bytes;
        }

        private void answered(ResumeResult result) {
            if (!(result instanceof ResumeResult.Resumed resumed)) {
                throw new IllegalStateException("the resume failed: " + result);
            }
            attachment = resumed.attachment();
        }
    }
}
