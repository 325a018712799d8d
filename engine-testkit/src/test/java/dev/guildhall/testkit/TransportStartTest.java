package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.Engine;
import dev.guildhall.spi.Transport;
import dev.guildhall.spi.TransportContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An engine that does not open gives back what its transports have taken. */
class TransportStartTest {
    private final List<String> calls = new ArrayList<>();

    /** Notes what the engine calls. */
    private class Noting implements Transport {
        private final String name;
        private final int lanes;

        Noting(String name, int lanes) {
            this.name = name;
            this.lanes = lanes;
        }

        @Override
        public List<Executor> laneExecutors() {
            calls.add(name + " brings lanes");
            return Stream.<Executor>generate(() -> Runnable::run).limit(lanes).toList();
        }

        @Override
        public void start(TransportContext context) throws Exception {
            calls.add(name + " starts");
        }

        @Override
        public void stopAccepting() {}

        @Override
        public void close() {
            calls.add(name + " closes");
        }
    }

    @Test
    void allTransportsAreClosedIfOneDoesNotStart() {
        Transport failing = new Noting("second", 1) {
            @Override
            public void start(TransportContext context) throws Exception {
                throw new Exception("on purpose");
            }

            @Override
            public void close() {
                super.close();
                throw new IllegalStateException("not closed either");
            }
        };
        assertThatThrownBy(() -> Engine.builder()
                        .transport(new Noting("first", 1))
                        .transport(failing)
                        .transport(new Noting("third", 1))
                        .open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("did not start: on purpose")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        assertThat(calls)
                .containsExactly(
                        "first brings lanes",
                        "second brings lanes",
                        "third brings lanes",
                        "first starts",
                        "first closes",
                        "second closes",
                        "third closes");
    }

    @Test
    void allTransportsAreClosedIfTheyBringTooManyLanes() {
        assertThatThrownBy(() -> Engine.builder()
                        .transport(new Noting("first", 200))
                        .transport(new Noting("second", 57))
                        .open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 256 lanes")
                .hasMessageContaining("257");
        assertThat(calls).containsExactly("first brings lanes", "second brings lanes", "first closes", "second closes");
    }
}
