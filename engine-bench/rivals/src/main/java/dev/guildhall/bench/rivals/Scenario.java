package dev.guildhall.bench.rivals;

import dev.guildhall.bench.Recipient;
import java.util.Arrays;
import picocli.CommandLine.TypeConversionException;

/** Who receives: a number of topics, each with recipients of its own. Every event is published in each topic. */
public enum Scenario {
    /** One topic of 1,000. */
    ONE_OF_1000("1000", 1, 1_000, 25),
    /** One topic of 10,000. */
    ONE_OF_10000("10000", 1, 10_000, 25),
    /** One topic of 100,000. */
    ONE_OF_100000("100000", 1, 100_000, 50),
    /** A thousand topics of 25. */
    SMALL("small", 1_000, 25, 8);

    private final String label;
    private final int topics;
    private final int recipients;
    private final double leastOverPekko;

    Scenario(String label, int topics, int recipients, double leastOverPekko) {
        this.label = label;
        this.topics = topics;
        this.recipients = recipients;
        this.leastOverPekko = leastOverPekko;
    }

    /** The scenario of a label. */
    static Scenario of(String label) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("no size '" + label + "'; there are "
                        + Arrays.stream(values()).map(Scenario::label).toList()));
    }

    /** What the scenario is called in the figures. */
    public String label() {
        return label;
    }

    /** What the engine is meant to deliver for each delivery of Pekko. */
    double leastOverPekko() {
        return leastOverPekko;
    }

    int deliveriesOfEvent() {
        return topics * recipients;
    }

    /** Recipients of a fresh run, by topic. */
    Recipient[][] newRecipients() {
        Recipient[][] all = new Recipient[topics][recipients];
        for (Recipient[] ofTopic : all) {
            for (int i = 0; i < ofTopic.length; i++) {
                ofTopic[i] = new Recipient();
            }
        }
        return all;
    }
}
