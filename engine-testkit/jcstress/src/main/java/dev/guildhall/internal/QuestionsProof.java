package dev.guildhall.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** What {@link Questions} says: each is answered, once. */
public final class QuestionsProof {
    private QuestionsProof() {}

    /** Nobody but the end answers. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "answered by one of the two")
    @Outcome(expect = FORBIDDEN, desc = "never answered, or twice")
    @State
    public static class AskAgainstClose {
        private final Parts.Submissions answers = new Parts.Submissions(); // each answer is a task
        private final Questions questions = new Questions(answers);

        @Actor
        public void ask() {
            questions.list(() -> "there is no lane");
        }

        @Actor
        public void close() {
            questions.close();
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = answers.count();
        }
    }

    /** A lane answers while the engine ends. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "answered by one of the two")
    @Outcome(expect = FORBIDDEN, desc = "never answered, or twice")
    @State
    public static class AnswerAgainstClose {
        private final Parts.Submissions answers = new Parts.Submissions(); // each answer is a task
        private final Questions questions = new Questions(answers);
        private final Questions.Question<String> question = questions.list(() -> "there is no lane");

        @Actor
        public void answer() {
            question.answer("of the lane");
        }

        @Actor
        public void close() {
            questions.close();
        }

        @Arbiter
        public void rest(I_Result r) {
            r.r1 = answers.count();
        }
    }
}
