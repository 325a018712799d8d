package dev.guildhall.internal;

import dev.guildhall.SessionStats;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the sessions with the largest backlogs. One survey is under way at a time, and whoever asks meanwhile gets its result if it
 * is looking for as many; so asking often costs the lanes no more than asking now and then. A lane looks at {@value #SLOTS_OF_A_TURN}
 * slots at a time and then lets its guilds and sessions go on. Any thread.
 */
final class SlowSessions {
    /** Most sessions that can be asked for. */
    static final int MOST = 1_000;

    /** Slots that a lane looks at before others have their turn: half a millisecond, if each of them has a ring. */
    static final int SLOTS_OF_A_TURN = 4_096;

    private static final Comparator<SessionStats> SLOWEST_LAST = Comparator.comparingLong(SessionStats::backlogBytes)
            .thenComparingInt(SessionStats::backlogEvents)
            .thenComparing(SessionStats::id);

    private final LocalEngine engine;
    private @Nullable Survey present;

    SlowSessions(LocalEngine engine) {
        this.engine = engine;
    }

    CompletionStage<List<SessionStats>> top(int most) {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("1 to " + MOST + " sessions can be asked for, not " + most);
        }
        Survey survey = join(most);
        return survey.question.stage().thenApply(slowest -> slowest.subList(0, Math.min(most, slowest.size())));
    }

    private synchronized Survey join(int most) {
        Survey running = present;
        if (running == null || running.most < most) {
            running = new Survey(most);
            present = running;
            running.begin();
        }
        return running;
    }

    private synchronized void end(Survey survey) {
        if (present == survey) {
            present = null;
        }
    }

    /** One look at all lanes, whose parts come in under its monitor. */
    private final class Survey {
        final int most;
        final Questions.Question<List<SessionStats>> question;

        /** By id, as a session that moves from lane to lane may be seen on both. */
        private final Map<String, SessionStats> found = new HashMap<>();

        private int lanesLeft = engine.laneArray().length;

        Survey(int most) {
            this.most = most;
            this.question = engine.questions().list(this::slowest);
        }

        void begin() {
            for (LocalLane lane : engine.laneArray()) {
                if (lane.hasStopped()) {
                    add(List.of());
                } else {
                    lane.offer(new Part(this));
                }
            }
        }

        void add(Collection<SessionStats> ofLane) {
            if (isLast(ofLane)) {
                end(this);
                question.answer(slowest());
            }
        }

        private synchronized boolean isLast(Collection<SessionStats> ofLane) {
            ofLane.forEach(session -> found.put(session.id(), session));
            return --lanesLeft == 0;
        }

        private synchronized List<SessionStats> slowest() {
            return found.values().stream()
                    .sorted(SLOWEST_LAST.reversed())
                    .limit(most)
                    .toList();
        }
    }

    /** One lane's part of a survey; lane only. */
    private static final class Part implements LaneTask {
        private final Survey survey;
        private final PriorityQueue<SessionStats> slowest = new PriorityQueue<>(SLOWEST_LAST);
        private int nextSlot;

        Part(Survey survey) {
            this.survey = survey;
        }

        @Override
        public void runOn(LocalLane lane) {
            int end = Math.min(nextSlot + SLOTS_OF_A_TURN, lane.sessions.slotsUsed());
            for (; nextSlot < end; nextSlot++) {
                look(lane.sessions.session(nextSlot));
            }
            if (nextSlot < lane.sessions.slotsUsed()) {
                lane.afterTurn(this);
            } else {
                survey.add(slowest);
            }
        }

        private void look(@Nullable LocalSession session) {
            SessionRing ring = session == null ? null : session.lane().sessions.ring(session.slot);
            if (session == null || ring == null || ring.backlog() == 0) {
                return;
            }
            SessionStats least = slowest.peek();
            if (slowest.size() < survey.most || least == null || least.backlogBytes() <= ring.backlogBytes()) {
                slowest.add(SessionSnapshot.onLane(session));
                if (slowest.size() > survey.most) {
                    slowest.remove();
                }
            }
        }
    }

    @Override
    public synchronized String toString() {
        return "SlowSessions[" + (present == null ? "idle]" : "looking]");
    }
}
