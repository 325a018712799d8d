package dev.guildhall.internal;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of lanes and is not answered yet. Every question is answered, once: by a lane, or, if its lane has stopped or the
 * engine has ended, with what can be said without one. Whatever the application does with the answer runs on its executor and
 * never on a lane.
 *
 * <p>A question is listed before it is handed to a lane and before {@code closed} is read; {@link #close} sets {@code closed} and
 * then goes through the list. So one of the two sees the other. {@link #giveUp}, for a lane that has stopped, relies on the same
 * order: the asker lists its question and then asks whether the lane has stopped. Any thread.
 *
 * <p><b>Proofs</b> (jcstress, {@code QuestionsProof}): a question is answered once, whether it is asked or answered while the engine ends. Not
 * linearizable: the bound on how many wait.
 */
final class Questions {
    /** Questions that may wait: each is a task of a lane. */
    static final int MAX_WAITING = 4_096;

    private final Executor executor;
    private final Set<Question<?>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Questions(Executor executor) {
        this.executor = executor;
    }

    /** A question under way. */
    final class Question<T> {
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private final Supplier<T> otherwise;

        private Question(Supplier<T> otherwise) {
            this.otherwise = otherwise;
        }

        /** Answers it, if it was not answered. Does not throw. */
        void answer(T value) {
            if (waiting.remove(this)) {
                try {
                    executor.execute(() -> answer.complete(value));
                } catch (Throwable e) { // the application's executor is gone; the answer matters more than the thread
                    answer.complete(value);
                }
            }
        }

        /** Answers what can be said without a lane. */
        void giveUp() {
            answer(otherwise.get());
        }

        CompletionStage<T> stage() {
            return answer.minimalCompletionStage();
        }
    }

    /**
     * Lists a question; the caller then hands it to a lane. It is answered at once if the engine has ended.
     *
     * @param otherwise the answer without a lane; must not throw
     * @return null if too many wait; a few more than the bound may, if several threads ask at once
     */
    <T> @Nullable Question<T> ask(Supplier<T> otherwise) {
        if (waiting.size() >= MAX_WAITING) {
            return null;
        }
        return list(otherwise);
    }

    /** The same for a question of which there are only a few at a time. */
    <T> Question<T> list(Supplier<T> otherwise) {
        Question<T> question = new Question<>(otherwise);
        waiting.add(question);
        if (closed) {
            giveUp();
        }
        return question;
    }

    /** A lane has stopped: answers everything that waits, because it may wait there. */
    void giveUp() {
        waiting.forEach(Question::giveUp);
    }

    /** The engine has ended. */
    void close() {
        closed = true;
        giveUp();
    }

    @Override
    public String toString() {
        return "Questions[" + waiting.size() + " wait" + (closed ? ", closed]" : "]");
    }
}
