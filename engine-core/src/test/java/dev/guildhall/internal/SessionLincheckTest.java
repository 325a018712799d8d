package dev.guildhall.internal;

import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What any thread may ask of a session: sends against its close, of which the first reason stays. */
public class SessionLincheckTest {
    private static final LocalEngine ENGINE = (LocalEngine) Engine.builder()
            .laneExecutors(List.of(task -> {}))
            .blockingExecutor(task -> {})
            .open();
    private static final Event EVENT = Event.of("E", "x");

    private final Session session = ENGINE.openSession("u", event -> {});

    @Operation
    public Outcome send() {
        return session.send(EVENT);
    }

    @Operation
    public void closeAsRequested() {
        session.close(new CloseReason(CloseReason.Kind.REQUESTED, ""));
    }

    @Operation
    public void closeAsSlow() {
        session.close(new CloseReason(CloseReason.Kind.SLOW_CONSUMER, ""));
    }

    @Operation
    public CloseReason.@Nullable Kind closeReason() {
        CloseReason reason = session.closeReason();
        return reason == null ? null : reason.kind();
    }

    @Operation
    public boolean isOpen() {
        return session.isOpen();
    }

    @Test
    void isLinearizable() {
        Lincheck.stress(getClass());
    }
}
