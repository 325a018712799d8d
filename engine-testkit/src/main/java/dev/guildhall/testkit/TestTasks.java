package dev.guildhall.testkit;

import java.util.concurrent.Executor;

/** What runs a test's engine. Used by the test's thread; any thread may submit tasks. */
sealed interface TestTasks permits SeededTasks, ThreadedTasks {

    /** A new executor for a lane. */
    Executor lane();

    /** Where application code may block. */
    Executor blocking();

    /**
     * Comes back when nothing is left to run.
     *
     * @throws AssertionError if there is no end of it
     */
    void runAll();

    /**
     * Comes back when a thread that may wait for tasks has ended.
     *
     * @throws AssertionError if it waits for something else; it is interrupted then
     */
    void runUntilEndOf(Thread thread) throws InterruptedException;

    /** Tasks that have not ended. */
    int waiting();

    /** No task comes any more. */
    void end();
}
