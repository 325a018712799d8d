package dev.guildhall.bench.load;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./guildhall load}: runs a scenario against a gateway. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs a scenario against a gateway: thousands of WebSocket clients that receive, publish, stall, are cut and come back. "
                    + "docs/load.md has the format of scenarios.",
            "Ends with 0 if nothing was lost and nothing came twice, 1 if something did or a connection was given up, 2 if the "
                    + "load cannot run, 130 if it was interrupted."
        },
        subcommands = {ServeCommand.class, ScenariosCommand.class})
public final class LoadCommand implements Callable<Integer> {
    static final int CANNOT = 2;
    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;
    private static final long LAST_SECONDS = 20;

    @Parameters(
            arity = "0..1",
            paramLabel = "SCENARIO",
            description = "A file, or a name from './guildhall load scenarios' (default ${DEFAULT-VALUE}).",
            defaultValue = "fan-out")
    private String name = "fan-out";

    @Option(names = "--url", paramLabel = "URL", description = "Of the gateway, in place of the scenario's.")
    private @Nullable String url;

    @Option(names = "--connections", paramLabel = "N", description = "In place of the scenario's.")
    private @Nullable String connections;

    @Option(names = "--rate", paramLabel = "N", description = "Publishes a second, in place of the scenario's.")
    private @Nullable String rate;

    @Option(names = "--duration", paramLabel = "TIME", description = "Such as 30s, in place of the scenario's.")
    private @Nullable String duration;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description =
                    "Any other value of the scenario, such as publish.payload-bytes=512; may be given several times.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result there.")
    private @Nullable Path json;

    @Option(
            names = "--hdr",
            paramLabel = "FILE",
            description = "Writes latencies there, second by second, as HdrHistogram's tools read them.")
    private @Nullable Path hdr;

    @Option(names = "--plain", description = "Lines in place of a live display, also on a terminal.")
    private boolean plain;

    /** For picocli. */
    public LoadCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        try {
            set("url", url);
            set("connect.connections", connections);
            set("publish.rate", rate);
            set("duration", duration);
            requireFolder("--json", json);
            requireFolder("--hdr", hdr);
            Scenario scenario = ScenarioFile.read(name, settings);
            if (hdr == null) {
                return run(scenario, null);
            }
            try (PrintStream log = new PrintStream(Files.newOutputStream(hdr), false, StandardCharsets.UTF_8)) {
                return run(scenario, new HistogramLogWriter(log));
            }
        } catch (LoadException e) {
            System.err.println("load: " + e.getMessage());
            return CANNOT;
        } catch (IOException e) {
            System.err.println("load: cannot write: " + e);
            return CANNOT;
        }
    }

    private void set(String path, @Nullable String value) {
        if (value != null) {
            settings.put(path, value);
        }
    }

    private static void requireFolder(String option, @Nullable Path file) {
        Path folder = file == null ? null : file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new LoadException(option + ": there is no folder " + folder);
        }
    }

    private int run(Scenario scenario, @Nullable HistogramLogWriter log) throws InterruptedException, IOException {
        boolean live = !plain
                && Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent()
                && !"dumb".equals(System.getenv("TERM"));
        Ansi ansi = live ? Ansi.AUTO : Ansi.OFF;
        CountDownLatch ended = new CountDownLatch(1);
        try (PrintStream out =
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8)) {
            LoadResult result;
            try (Progress progress = live ? new TerminalProgress(out, ansi) : new PlainProgress(out)) {
                LoadRun run = new LoadRun(scenario, progress, log);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> endEarly(run, ended)));
                result = run.run();
            }
            Summary summary = new Summary(out, ansi);
            summary.print(result);
            if (!live) {
                summary.figures(result);
            }
            write(result, out);
            return result.interrupted() ? INTERRUPTED : result.problems().isEmpty() ? 0 : FAILED;
        } finally {
            ended.countDown();
        }
    }

    /** Runs when the process is told to end; what it was doing then has some time to write its result. */
    private static void endEarly(LoadRun run, CountDownLatch ended) {
        run.interrupt();
        try {
            if (!ended.await(LAST_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("load: no result in " + LAST_SECONDS + " seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(LoadResult result, PrintStream out) throws IOException {
        if (json != null) {
            JsonMapper mapper = JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();
            Files.writeString(json, mapper.writeValueAsString(result) + "\n");
            out.println("result: " + json);
        }
        if (hdr != null) {
            out.println("latencies: " + hdr);
        }
    }
}
