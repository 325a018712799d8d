package dev.guildhall.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.SessionOptions;
import dev.guildhall.bench.load.StrangeGateway.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Small loads, over loopback: what is right is found right, and what is wrong is found. */
@Timeout(120)
class LoadRunTest {
    private static final String STRANGE = """
            connect: {connections: 20, per-second: 1000, timeout: 5s}
            publish: {rate: 100, publishers: 4}
            warm-up: 0s
            duration: 1s
            settle: 8s
            """;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(shown, false, StandardCharsets.UTF_8);

    private static Scenario scenario(String text, URI url) {
        Map<String, String> settings = new HashMap<>();
        settings.put("url", url.toString());
        return ScenarioFile.parse("test", text, settings, "0f1e2d3c");
    }

    private LoadResult run(String text, URI url) throws InterruptedException {
        return new LoadRun(scenario(text, url), new PlainProgress(out), null).run();
    }

    @Test
    void whoStallsOrIsCutComesBackAndLacksNothing() throws Exception {
        // Who is away for long on a busy machine finds everything as well.
        SessionOptions options = SessionOptions.builder()
                .maxReplayEvents(50_000)
                .maxReplayBytes(1 << 28)
                .build();
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        LoadResult result;
        try (LoadTarget target = new LoadTarget(0, 1, options)) {
            Scenario scenario = scenario("""
                    connect:
                      connections: 60
                      per-second: 1000
                      source-addresses: 127.0.0.1-127.0.0.3
                      receive-buffer: 4096
                    publish: {rate: 300, publishers: 10, payload-bytes: {50: 5, 3000: 5}}
                    stall: {share: 20%, every: 500ms, lasting: 1500ms}
                    cut: {share: 30%, every: 700ms, away: 100ms}
                    warm-up: 200ms
                    duration: 4s
                    settle: 30s
                    """, target.url());
            try (PrintStream stream = new PrintStream(log, false, StandardCharsets.UTF_8)) {
                result = new LoadRun(scenario, new PlainProgress(out), new HistogramLogWriter(stream)).run();
            }
        }
        assertThat(result.problems()).isEmpty();
        assertThat(result.errors()).isEmpty();
        assertThat(result.connections().ready()).isEqualTo(60);
        assertThat(result.connections().cuts()).isPositive();
        assertThat(result.connections().stalls()).isPositive();
        assertThat(result.connections().resumes())
                .isGreaterThanOrEqualTo(result.connections().cuts());
        assertThat(result.connections().resumesRefused()).isZero();
        assertThat(result.accounts().sessionsChecked()).isEqualTo(60);
        assertThat(result.publishes().published())
                .isEqualTo(result.publishes().due())
                .isGreaterThan(900);
        // Each steady client has each publish of the time that was measured, so there are equally many of each.
        assertThat(result.latency().count()).isPositive().matches(count -> count % 30 == 0, "a multiple of 30");
        assertThat(result.latencyOfDisturbed().count())
                .isEqualTo(result.latency().count());
        assertThat(result.latencyOfDisturbed().max()).isGreaterThan(100);
        assertLogHas(log.toString(StandardCharsets.UTF_8), result);
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("measuring: ");
    }

    private static void assertLogHas(String log, LoadResult result) {
        Map<String, Histogram> byTag = new HashMap<>();
        HistogramLogReader reader =
                new HistogramLogReader(new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
        for (EncodableHistogram next = reader.nextIntervalHistogram();
                next != null;
                next = reader.nextIntervalHistogram()) {
            byTag.computeIfAbsent(next.getTag(), _ -> new Histogram(3)).add((Histogram) next);
        }
        reader.close();
        assertThat(byTag).containsOnlyKeys("steady", "disturbed", "connect", "delay");
        byTag.forEach((tag, histogram) -> assertThat(Percentiles.of(histogram).count())
                .as(tag)
                .isEqualTo(
                        switch (tag) {
                            case "steady" -> result.latency().count();
                            case "disturbed" -> result.latencyOfDisturbed().count();
                            case "connect" -> 60;
                            default -> result.latency().count() / 30;
                        }));
        assertThat(Percentiles.of(byTag.getOrDefault("steady", new Histogram(3))))
                .isEqualTo(result.latency());
    }

    @Test
    void whatIsPublishedInAGroupIsDueInItOnly() throws Exception {
        try (LoadTarget target = new LoadTarget(0, 1, SessionOptions.DEFAULT)) {
            LoadResult result = run("""
                    connect:
                      connections: 30
                      groups: 3
                      identify: '{"token": "t${connection}", "intents": 0, "properties": {"guild": "room-${group}"}}'
                    publish: {rate: 200, arrivals: poisson, publishers: 9}
                    warm-up: 0s
                    duration: 1s
                    """, target.url());
            assertThat(result.problems()).isEmpty();
            assertThat(result.accounts().sessionsChecked()).isEqualTo(30);
            assertThat(result.latency().count())
                    .isEqualTo(10 * result.publishes().due())
                    .isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"REFUSES_TOKENS", "NEVER_SAYS_HELLO", "ACKNOWLEDGES_NO_HEARTBEAT"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatAStrangerDoesWrongIsFound(Fault fault) throws Exception {
        try (StrangeGateway gateway = new StrangeGateway(fault)) {
            boolean isLost = fault == Fault.LOSES_AN_EVENT; // for which the load waits to the end
            LoadResult result = run(isLost ? STRANGE.replace("8s", "300ms") : STRANGE, gateway.url());
            switch (fault) {
                case NONE -> {
                    assertThat(result.problems()).isEmpty();
                    assertThat(result.accounts().sessionsChecked()).isEqualTo(20);
                }
                case LEAVES_OUT_A_NUMBER ->
                    assertThat(result.problems()).containsExactly("20 numbers of dispatches are missing");
                case SENDS_A_NUMBER_AGAIN ->
                    assertThat(result.problems())
                            .containsExactly(
                                    "20 dispatches came with a number that had been there before",
                                    "20 publishes came more than once");
                case LOSES_AN_EVENT ->
                    assertThat(result.problems()).containsExactly("20 publishes did not arrive in time");
                case SENDS_AN_EVENT_TWICE ->
                    assertThat(result.problems()).containsExactly("20 publishes came more than once");
                case SENDS_AN_EVENT_FOR_ANOTHER ->
                    assertThat(result.problems())
                            .containsExactly("20 publishes did not arrive in time", "20 publishes came more than once");
                case ASKS_TO_RECONNECT -> {
                    assertThat(result.problems()).isEmpty();
                    assertThat(result.connections().reconnectsAsked()).isEqualTo(19);
                    assertThat(result.connections().resumes()).isEqualTo(19);
                }
                case CLOSES_AND_HESITATES -> {
                    assertThat(result.problems()).isEmpty();
                    assertThat(result.closes()).containsExactly(Map.entry("4000", 19L));
                    assertThat(result.connections().resumes()).isEqualTo(19);
                    assertThat(result.accounts().sessionsChecked()).isEqualTo(20);
                }
                case CLOSES_AND_FORGETS -> {
                    assertThat(result.connections().resumesRefused()).isEqualTo(19);
                    assertThat(result.connections().sessionsLost()).isEqualTo(19);
                    assertThat(result.connections().sessions()).isEqualTo(39);
                    assertThat(result.accounts().sessionsChecked()).isEqualTo(1);
                }
                default -> throw new AssertionError(fault);
            }
        }
    }

    @Test
    void whoGetsNoAcknowledgementOfAHeartbeatComesBack() throws Exception {
        try (StrangeGateway gateway = new StrangeGateway(Fault.ACKNOWLEDGES_NO_HEARTBEAT)) {
            LoadResult result =
                    run(STRANGE.replace("duration: 1s", "duration: 3s").replace("8s", "0s"), gateway.url());
            assertThat(result.closes()).containsOnlyKeys("1006");
            assertThat(result.connections().resumes()).isPositive();
        }
    }

    @Test
    void whoCannotBeginSaysWhy() throws Exception {
        try (StrangeGateway gateway = new StrangeGateway(Fault.REFUSES_TOKENS)) {
            assertThatThrownBy(() -> run(STRANGE, gateway.url()))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("cannot connect to ws://127.0.0.1")
                    .hasMessageEndingWith("closed with 4004 who are you");
            assertThatThrownBy(() -> run(STRANGE, gateway.url().resolve("/elsewhere")))
                    .hasMessageContaining("cannot connect to ws://127.0.0.1");
        }
        try (StrangeGateway gateway = new StrangeGateway(Fault.NEVER_SAYS_HELLO)) {
            assertThatThrownBy(() -> run(STRANGE.replace("5s", "300ms"), gateway.url()))
                    .hasMessageEndingWith("no READY or RESUMED in time");
        }
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThatThrownBy(() -> run(STRANGE, URI.create("ws://127.0.0.1:" + free + "/")))
                .hasMessageEndingWith(
                        "connection refused; does a gateway run there? './guildhall load serve' starts one to try");
        assertThatThrownBy(() -> run(STRANGE, URI.create("ws://nobody.invalid/")))
                .hasMessageEndingWith("unknown host");
    }

    @Test
    void whoIsInterruptedHasAResult() throws Exception {
        try (LoadTarget target = new LoadTarget(0, 1, SessionOptions.DEFAULT)) {
            Scenario scenario = scenario("""
                    connect: {connections: 10}
                    duration: 1h
                    warm-up: 0s
                    """, target.url());
            CountDownLatch measuring = new CountDownLatch(1);
            Progress progress = new Progress() {
                @Override
                public void preparing(int users, int of) {}

                @Override
                public void show(Moment moment) {
                    if (moment.phase() == Phase.MEASURING
                            && moment.sample().latencyMillis().count() > 0) {
                        measuring.countDown();
                    }
                }

                @Override
                public void close() {}
            };
            LoadRun run = new LoadRun(scenario, progress, null);
            Thread interrupter = Thread.ofVirtual().start(() -> {
                try {
                    measuring.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                run.interrupt();
            });
            LoadResult result = run.run();
            interrupter.join();
            assertThat(result.interrupted()).isTrue();
            assertThat(result.problems()).isEmpty();
            assertThat(result.latency().count()).isPositive();
        }
    }

    @Test
    void aResultIsJsonAndAPageForPeople() throws Exception {
        LoadResult result;
        try (StrangeGateway gateway = new StrangeGateway(Fault.LOSES_AN_EVENT)) {
            result = run(STRANGE.replace("8s", "300ms"), gateway.url());
        }
        JsonNode json = JsonMapper.shared().readTree(JsonMapper.shared().writeValueAsString(result));
        assertThat(json.path("problems").path(0).asString()).isEqualTo("20 publishes did not arrive in time");
        assertThat(json.path("accounts").path("publishesMissing").asInt()).isEqualTo(20);
        assertThat(json.path("settings").path("connect").path("connections").asInt())
                .isEqualTo(20);
        assertThat(json.path("latency").path("p99").asDouble()).isPositive();
        Summary summary = new Summary(out, Ansi.OFF);
        summary.print(result);
        summary.figures(result);
        out.flush();
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains("test complete, with problems")
                .contains("publishes in 20 sessions: 20 missing, 0 again")
                .contains("figure load.missing 20");
    }

    @Test
    void tooFewFileDescriptorsAreSaidToBe() {
        assertThatThrownBy(() -> Limits.require(1_000, 900))
                .hasMessageContaining(
                        "1,000 connections need 1,064 file descriptors, but this process can open 900 more")
                .hasMessageContaining("ulimit -n");
        Limits.require(1_000, 1_064);
        assertThatThrownBy(() -> Limits.check(scenario("connect: {connections: 70000}", URI.create("ws://127.0.0.1/"))
                        .connect()))
                .hasMessageContaining("name more in connect.source-addresses");
    }
}
