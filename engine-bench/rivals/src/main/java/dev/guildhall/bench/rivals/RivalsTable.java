package dev.guildhall.bench.rivals;

import dev.guildhall.bench.Figures;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Deliveries a second of every scenario and contender, round by round, and the ratios between them. */
final class RivalsTable {
    private final Map<Scenario, Map<Contender, List<Double>>> rounds = new EnumMap<>(Scenario.class);

    /** Adds another round of one contender. */
    void add(Scenario scenario, Contender contender, double deliveriesPerSecond) {
        rounds.computeIfAbsent(scenario, any -> new EnumMap<>(Contender.class))
                .computeIfAbsent(contender, any -> new ArrayList<>())
                .add(deliveriesPerSecond);
    }

    /** Prints the medians. */
    void print() {
        System.out.printf("%-19s %9s %17s %13s%n", "contender", "scenario", "deliveries/s", "ns/delivery");
        rounds.forEach((scenario, contenders) -> contenders.forEach((contender, values) -> {
            double median = Figures.median(array(values));
            System.out.printf(
                    Locale.ROOT,
                    "%-19s %9s %,17.0f %13.2f%n",
                    contender.label(),
                    scenario.label(),
                    median,
                    1e9 / median);
        }));
        System.out.println();
    }

    /** Prints ours over theirs, by the rounds. */
    void printFigures() {
        rounds.forEach((scenario, contenders) -> contenders.forEach((contender, theirs) -> {
            String name = "rivals." + contender.label() + "." + scenario.label() + ".ratio";
            double[] ratios =
                    Figures.ratios(array(contenders.getOrDefault(Contender.GUILDHALL, List.of())), array(theirs));
            if (contender == Contender.PEKKO) {
                Figures.printGatedFromBelow(name, ratios, scenario.leastOverPekko());
            } else if (contender != Contender.GUILDHALL) {
                Figures.printSpread(name, ratios);
            }
        }));
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
