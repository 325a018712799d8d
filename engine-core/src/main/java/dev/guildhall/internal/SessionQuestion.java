package dev.guildhall.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A question about a session, answered on the lane that has it; if the session moves meanwhile, the question goes after it. */
final class SessionQuestion<T> {
    private static final Logger LOG = LoggerFactory.getLogger(SessionQuestion.class);

    private final LocalSession session;
    private final Function<LocalSession, T> reader;
    private final Questions.Question<T> question;

    private SessionQuestion(LocalSession session, Function<LocalSession, T> reader, Questions.Question<T> question) {
        this.session = session;
        this.reader = reader;
        this.question = question;
    }

    /**
     * Asks; any thread.
     *
     * @param reader called once on the session's lane, if the session has not ended
     * @param otherwise the answer if it has, or if its lane does not run any more
     * @param tooMany the answer if too many questions wait
     */
    static <T> CompletionStage<T> ask(
            LocalSession session, Function<LocalSession, T> reader, Supplier<T> otherwise, Supplier<T> tooMany) {
        Questions.Question<T> question = session.engine.questions().ask(otherwise);
        if (question == null) {
            return CompletableFuture.completedStage(tooMany.get());
        }
        new SessionQuestion<>(session, reader, question).follow();
        return question.stage();
    }

    private void follow() {
        LocalLane lane = session.lane();
        if (lane.hasStopped()) {
            question.giveUp();
        } else {
            lane.offer((LaneTask) this::arrive);
        }
    }

    private void arrive(LocalLane lane) {
        if (session.lane() != lane) {
            follow();
        } else if (session.isMoving()) {
            lane.afterTurn(this::arrive);
        } else if (session.isEnded()) {
            question.giveUp();
        } else {
            answer();
        }
    }

    private void answer() {
        try {
            question.answer(reader.apply(session));
        } catch (Throwable e) { // must not end the lane's turn, nor leave somebody waiting
            LOG.error("A question about {} failed. Please report this", session, e);
            question.giveUp();
        }
    }

    @Override
    public String toString() {
        return "SessionQuestion[" + session + "]";
    }
}
