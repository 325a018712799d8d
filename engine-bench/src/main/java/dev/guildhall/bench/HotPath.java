package dev.guildhall.bench;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Interests;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.transport.netty.internal.GatewayWrites;
import java.util.Locale;

/**
 * The ways an event takes that must not make garbage, each of them as {@value #EVENTS} events of 128 bytes. Everything runs on the
 * calling thread, lanes included, so what it allocates is all that is allocated.
 */
enum HotPath {
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
                for (int i = 0; i < EVENTS; i++) {
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
                for (int i = 0; i < EVENTS; i++) {
                    session.send(hall.event);
                    hall.lane.run();
                }
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
                return writes.count(EVENTS, AllocationCounter::bytesOf);
            }
        }
    };

    static final int EVENTS = 64;
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
            engine = Engine.builder()
                    .transport(lane)
                    .sessionMajorFrom(sessionMajorFrom)
                    .open();
            guild = engine.guild("bench");
        }

        void addInline() {
            for (int i = 0; i < SESSIONS; i++) {
                engine.openSession("bench", SessionOptions.DEFAULT.withInline(), got -> {})
                        .subscribe(guild, interests(i));
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
            for (int i = 0; i < EVENTS; i++) {
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
}
