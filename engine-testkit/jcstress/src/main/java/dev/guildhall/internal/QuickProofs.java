package dev.guildhall.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs all proofs for about a minute and says in one line how they ended; the process ends with status 1 unless each of them
 * passed. What jcstress itself prints goes to {@code jcstress.txt} in the working directory, beside its results.
 */
public final class QuickProofs {
    /** A build that hangs says less than one that fails. */
    private static final long LIMIT_MINUTES = 15;

    /** One fork of each test, all actors compiled alike, no other flags of the JVM: what the long form varies. */
    private static final List<String> QUICK = List.of(
            "-f",
            "1",
            "-fsm",
            "1",
            "-iters",
            "2",
            "-time",
            "300",
            "-sc",
            "false",
            "-af",
            "NONE",
            "-hs",
            "256",
            "-jvmArgs",
            "-XX:+UseSerialGC",
            "-r",
            "jcstress");

    private static final Pattern RESULTS = Pattern.compile("Results: (\\d+) planned; (\\d+) passed");
    private static final Path LOG = Path.of("jcstress.txt");

    private QuickProofs() {}

    /**
     * Runs the proofs that the class path holds.
     *
     * @param args handed to jcstress after those of the quick form
     * @throws IOException if the working directory cannot be written
     * @throws InterruptedException if the thread is interrupted
     */
    @SuppressWarnings("SystemOut") // it is a command
    public static void main(String[] args) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process jcstress = new ProcessBuilder(command(args))
                .redirectErrorStream(true)
                .redirectOutput(LOG.toFile())
                .start();
        boolean ended = jcstress.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
        if (!ended) {
            jcstress.descendants().forEach(ProcessHandle::destroyForcibly);
            jcstress.destroyForcibly().waitFor();
        }
        List<String> lines = Files.readAllLines(LOG);
        long[] counts = lastCounts(lines);
        boolean all = ended && jcstress.exitValue() == 0 && counts[0] > 0 && counts[0] == counts[1];
        if (!all) {
            lines.forEach(System.out::println);
        }
        System.out.println(
                "proofs: " + (all ? "passed" : ended ? "FAILED" : "STOPPED after " + LIMIT_MINUTES + " minutes")
                        + ", " + counts[1] + " of " + counts[0] + " in "
                        + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) + " s");
        System.exit(all ? 0 : 1);
    }

    /** How many tests there were and how many passed: one that jcstress skips as broken does not make it fail by itself. */
    private static long[] lastCounts(List<String> lines) {
        long[] counts = new long[2];
        for (String line : lines) {
            Matcher found = RESULTS.matcher(line);
            if (found.find()) {
                counts[0] = Long.parseLong(found.group(1));
                counts[1] = Long.parseLong(found.group(2));
            }
        }
        return counts;
    }

    private static List<String> command(String[] args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("org.openjdk.jcstress.Main");
        command.addAll(QUICK);
        command.addAll(List.of(args));
        return command;
    }
}
