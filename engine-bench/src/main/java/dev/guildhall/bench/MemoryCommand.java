package dev.guildhall.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bench memory}: what a session, a subscription and a guild cost in heap, and what that consists of. Each kind is counted in a JVM
 * of its own under G1: the heap after full collections with so many of them, less the heap before, when what they share and
 * one of them was there. {@link Memory} says what each is. The classes are those of the largest number.
 */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        description = "Heap of idle and stalled sessions, subscriptions and guilds, and what it consists of.")
final class MemoryCommand implements Callable<Integer> {
    private static final int WARM_UP = 1_000;
    private static final int MULTIPLE = 100;

    @Option(
            names = "--count",
            split = ",",
            defaultValue = "1000,100000,1000000",
            description = "How many of each, multiples of 100 (default ${DEFAULT-VALUE}).")
    private List<Integer> counts = new ArrayList<>();

    @Option(
            names = "--of",
            paramLabel = "NAME",
            converter = Named.class,
            description = "Count these only; may be given more than once: ${COMPLETION-CANDIDATES}.")
    private Set<Memory> chosen = EnumSet.allOf(Memory.class);

    @Option(
            names = "--rounds",
            converter = AtLeastOne.class,
            defaultValue = "3",
            description = "How often each is measured, in a JVM of its own (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--in-this-jvm", hidden = true)
    private boolean inThisJvm;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private static final class Named extends ByName<Memory> {
        Named() {
            super("kind", List.of(Memory.values()));
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (int count : counts) {
            if (count <= 0 || count % MULTIPLE != 0) {
                throw new ParameterException(
                        spec.commandLine(), "a count must be a multiple of " + MULTIPLE + ", was " + count);
            }
        }
        if (inThisJvm) {
            chosen.forEach(this::measure);
            return 0;
        }
        List<String> lines = new ArrayList<>();
        String all = String.join(",", counts.stream().map(String::valueOf).toList());
        for (int round = 0; round < rounds; round++) {
            for (Memory memory : chosen) {
                lines.addAll(ChildJvm.run(
                        memory.heap(), List.of("memory", "--count", all, "--of", memory.toString(), "--in-this-jvm")));
            }
        }
        printTable(lines);
        printLargest(lines);
        return 0;
    }

    /** Of sessions of application code, the larger ones. */
    private void printLargest(List<String> lines) {
        if (chosen.contains(Memory.IDLE_SESSION_INLINE) && chosen.contains(Memory.IDLE_SESSION_DEFAULT)) {
            int count = counts.getLast();
            double[] inline = Figures.findAll(figure(Memory.IDLE_SESSION_INLINE, count), lines);
            double[] own = Figures.findAll(figure(Memory.IDLE_SESSION_DEFAULT, count), lines);
            System.out.println();
            Figures.printSpread(
                    "memory.idle-session-bytes", Figures.median(inline) > Figures.median(own) ? inline : own);
        }
    }

    private void measure(Memory memory) {
        grow(memory, WARM_UP, false); // so that classes and caches are there
        for (int i = 0; i < counts.size(); i++) {
            int count = counts.get(i);
            double bytes = grow(memory, count, i == counts.size() - 1);
            Figures.print(figure(memory, count), bytes);
        }
    }

    /** Answers the bytes of each. */
    private static double grow(Memory memory, int count, boolean isShown) {
        try (Hoard hoard = memory.open(count)) {
            ClassHistogram before = ClassHistogram.take();
            long usedBefore = ChildJvm.usedHeap();
            hoard.fill();
            double bytes = (ChildJvm.usedHeap() - usedBefore) / (double) count;
            if (isShown) {
                System.out.printf(Locale.ROOT, "%n%,d x %s: %.1f bytes each%n", count, memory, bytes);
                ClassHistogram.take().printGrowthSince(before, count);
            }
            return bytes;
        }
    }

    private void printTable(List<String> lines) {
        System.out.printf("%n%-40s", "bytes of each (median), of so many");
        counts.forEach(count -> System.out.printf(Locale.ROOT, "%,12d", count));
        System.out.println();
        for (Memory memory : chosen) {
            System.out.printf("%-40s", memory);
            counts.forEach(count -> System.out.printf(
                    Locale.ROOT, "%,12.1f", Figures.median(Figures.findAll(figure(memory, count), lines))));
            System.out.println();
        }
    }

    private static String figure(Memory memory, int count) {
        return "memory." + memory + "." + count + ".bytes";
    }
}
