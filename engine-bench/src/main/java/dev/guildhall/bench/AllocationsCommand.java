package dev.guildhall.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench allocations}: the bytes that each {@link CountedPath} allocates, counted exactly and not measured, in a JVM of its own. What
 * the optimising compiler leaves out is in; the suites' {@code bytes-per-op} are without.
 */
@Command(
        name = "allocations",
        mixinStandardHelpOptions = true,
        description =
                "Exactly how many bytes an event allocates on its ways, and sessions, resumes, presence and guilds that start.")
final class AllocationsCommand implements Callable<Integer> {
    @Option(names = "--in-this-jvm", hidden = true)
    private boolean inThisJvm;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!inThisJvm) {
            count();
            return 0;
        }
        for (CountedPath path : CountedPath.values()) {
            if (path.isPossible()) {
                long bytes = path.bytes();
                System.out.printf(Locale.ROOT, "%-22s %,8d bytes, %d times%n", path, bytes, CountedPath.TIMES);
                Figures.printCount(figure(path), bytes);
            }
        }
        return 0;
    }

    /** Counts in a JVM of its own and prints what comes of it; answers the lines. */
    static List<String> count() throws IOException, InterruptedException {
        return ChildJvm.run("512m", AllocationCounter.FLAGS, List.of("allocations", "--in-this-jvm"));
    }

    static String figure(CountedPath path) {
        return "allocations." + path + ".bytes";
    }
}
