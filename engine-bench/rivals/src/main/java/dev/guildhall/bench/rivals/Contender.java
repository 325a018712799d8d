package dev.guildhall.bench.rivals;

import dev.guildhall.bench.FanOut;
import dev.guildhall.bench.Recipient;
import dev.guildhall.bench.baseline.SubmissionPublisherFanOut;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The engine and its rivals. Each gets the recipients of some topics and the events, which it publishes in turn, each in every
 * topic.
 */
public enum Contender {
    /** The engine: clients that can resume, with sequence numbers, masks and replay. */
    GUILDHALL {
        @Override
        FanOut open(Recipient[][] topics, byte[]... events) {
            return new GuildhallFanOut(topics, events);
        }
    },
    /** Typed actors of Apache Pekko, one per topic and one per recipient. */
    PEKKO {
        @Override
        FanOut open(Recipient[][] topics, byte[]... events) {
            return new PekkoFanOut(topics, events);
        }
    },
    /** The event bus of Eclipse Vert.x, an address per topic and a consumer per recipient. */
    VERTX {
        @Override
        FanOut open(Recipient[][] topics, byte[]... events) {
            return new VertxFanOut(topics, events);
        }
    },
    /** A multicast sink of Project Reactor per topic, with {@code publishOn} for each recipient. */
    REACTOR {
        @Override
        FanOut open(Recipient[][] topics, byte[]... events) {
            return new ReactorFanOut(topics, events);
        }
    },
    /** A channel of jox and a virtual thread per recipient. */
    JOX {
        @Override
        FanOut open(Recipient[][] topics, byte[]... events) {
            return new JoxFanOut(topics, events);
        }
    },
    /** The JDK's SubmissionPublisher, one per topic. */
    SUBMISSIONPUBLISHER {
        @Override
        FanOut open(Recipient[][] topics, byte[]... events) {
            return new EachTopic(Arrays.stream(topics)
                    .flatMap(Contender::inParts)
                    .map(recipients -> new SubmissionPublisherFanOut(recipients, events))
                    .toList());
        }
    },
    /** The LMAX Disruptor with a consumer per processor that calls its share of the recipients: no sessions, the floor. */
    DISRUPTOR {
        @Override
        FanOut open(Recipient[][] topics, byte[]... events) {
            return new DisruptorFanOut(topics, events);
        }
    };

    /** At most so many subscribers of one publisher: each that is added makes it look at all it has. */
    private static final int PART = 10_000;

    private static Stream<Recipient[]> inParts(Recipient[] recipients) {
        return IntStream.iterate(0, from -> from < recipients.length, from -> from + PART)
                .mapToObj(from -> Arrays.copyOfRange(recipients, from, Math.min(from + PART, recipients.length)));
    }

    /** Starts with everybody subscribed. */
    abstract FanOut open(Recipient[][] topics, byte[]... events);

    /** Whether it is another library that delivers as the engine does. */
    boolean isRival() {
        return this != GUILDHALL && this != DISRUPTOR;
    }

    /** What the contender is called in the figures. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
