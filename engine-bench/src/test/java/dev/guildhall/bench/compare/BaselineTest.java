package dev.guildhall.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.guildhall.bench.compare.Baseline.Compared;
import dev.guildhall.bench.compare.Kept.Better;
import dev.guildhall.bench.compare.Kept.Kind;
import dev.guildhall.bench.results.Figure;
import dev.guildhall.bench.results.Results;
import dev.guildhall.bench.results.SampleResults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What counts as worse. */
class BaselineTest {
    private static Results results(String command, Figure... figures) {
        return Results.of(List.of(SampleResults.of(command, figures)));
    }

    private static Baseline baseline(Figure... figures) {
        return Baseline.updated(Optional.empty(), results("ring", figures));
    }

    private static Change change(Figure before, Figure now) {
        List<Compared> compared = baseline(before).compare(results("ring", now), 10);
        assertThat(compared).hasSize(1);
        return compared.getFirst().change();
    }

    @Test
    void aRatioIsWorseIfBothMediansAreOutsideTheOthersRange() {
        Figure before = Figure.of("ring.ratio", 1.0, 1.2, 1.4);

        assertThat(change(before, Figure.of("ring.ratio", 1.5, 1.6, 1.7))).isEqualTo(Change.WORSE);
        assertThat(change(before, Figure.of("ring.ratio", 1.1, 1.6, 1.7))).isEqualTo(Change.HELD);
        assertThat(change(before, Figure.of("ring.ratio", 1.3, 1.39, 1.7))).isEqualTo(Change.HELD);
        assertThat(change(before, Figure.of("ring.ratio", 0.6, 0.7, 0.8))).isEqualTo(Change.BETTER);
    }

    @Test
    void aRatioThatDiffersByLessThanTheToleranceHolds() {
        Figure before = Figure.of("ring.ratio", 2.0);

        assertThat(change(before, Figure.of("ring.ratio", 2.19))).isEqualTo(Change.HELD);
        assertThat(change(before, Figure.of("ring.ratio", 2.21))).isEqualTo(Change.WORSE);
        assertThat(change(before, Figure.of("ring.ratio", 1.81))).isEqualTo(Change.HELD);
        assertThat(change(before, Figure.of("ring.ratio", 1.79))).isEqualTo(Change.BETTER);
    }

    @Test
    void oursOverTheirsIsBetterTheHigherItIs() {
        Figure before = Figure.of("rivals.pekko.1000.ratio", 9, 10, 11);

        assertThat(change(before, Figure.of("rivals.pekko.1000.ratio", 6, 7, 8)))
                .isEqualTo(Change.WORSE);
        assertThat(change(before, Figure.of("rivals.pekko.1000.ratio", 13, 14, 15)))
                .isEqualTo(Change.BETTER);
    }

    @Test
    void aBoundTellsWhichWayIsBetter() {
        assertThat(Better.of(Figure.of("a.ratio", 1))).isEqualTo(Better.LOWER);
        assertThat(Better.of(Figure.of("a.ratio", 1).atLeast(2))).isEqualTo(Better.HIGHER);
        assertThat(Better.of(Figure.of("fanout.ratio", 1))).isEqualTo(Better.HIGHER);
        assertThat(Better.of(Figure.of("fanout.ratio", 1).atMost(2))).isEqualTo(Better.LOWER);
        assertThat(Better.of(Figure.of("fanout.10000.bytes-per-delivery", 1))).isEqualTo(Better.LOWER);
    }

    @Test
    void bytesAreComparedWithTheRangeThatIsKept() {
        Figure before = Figure.of("memory.bytes", 327, 329, 336);

        assertThat(change(before, Figure.of("memory.bytes", 300, 336, 340))).isEqualTo(Change.HELD);
        assertThat(change(before, Figure.of("memory.bytes", 300, 337, 340))).isEqualTo(Change.WORSE);
        assertThat(change(before, Figure.of("memory.bytes", 320))).isEqualTo(Change.BETTER);
        assertThat(change(Figure.of("memory.bytes", 329), Figure.of("memory.bytes", 332)))
                .isEqualTo(Change.HELD);
        assertThat(change(Figure.of("memory.bytes", 329), Figure.of("memory.bytes", 333)))
                .isEqualTo(Change.WORSE);
        assertThat(change(Figure.of("a.bytes-per-delivery", 0.0075), Figure.of("a.bytes-per-delivery", 0.0107)))
                .isEqualTo(Change.HELD);
        assertThat(change(Figure.of("a.bytes-per-delivery", 0), Figure.of("a.bytes-per-delivery", 0.02)))
                .isEqualTo(Change.WORSE);
    }

    @Test
    void bytesThatAreCountedMayNotDiffer() {
        assertThat(change(
                        Figure.of("allocations.publish.bytes", 24_000), Figure.of("allocations.publish.bytes", 24_001)))
                .isEqualTo(Change.WORSE);
        assertThat(change(
                        Figure.of("allocations.publish.bytes", 24_000), Figure.of("allocations.publish.bytes", 24_000)))
                .isEqualTo(Change.HELD);
    }

    @Test
    void timesRatesAndCountsAreNotKept() {
        assertThat(baseline(
                                Figure.of("latency.10000.p50-micros", 1),
                                Figure.of("fanout.deliveries-per-second", 1),
                                Figure.of("soak.events", 1),
                                Figure.of("generation.migrations", 1))
                        .figures())
                .isEmpty();
        assertThat(Kind.of("gateway.steady-1000.epoll.cpu-ratio")).contains(Kind.RATIO);
        assertThat(Kind.of("fanout.10000.ratio-vs-thread-per-session")).contains(Kind.RATIO);
        assertThat(Kind.of("compression.shared.128.bytes")).contains(Kind.BYTES);
        assertThat(Kind.of("memory.idle-session-bytes.inline")).contains(Kind.BYTES);
    }

    @Test
    void aFigureThatTheSameCommandNoLongerPrintsIsMissing() {
        Baseline kept = baseline(Figure.of("ring.ratio", 1));
        Figure other = Figure.of("ring.new-ratio", 1);

        assertThat(kept.compare(results("ring", other), 10))
                .extracting(Compared::name, Compared::change)
                .containsExactly(tuple("ring.ratio", Change.MISSING), tuple("ring.new-ratio", Change.NEW));
        assertThat(kept.compare(results("ring --rounds 1", other), 10))
                .extracting(Compared::change)
                .containsExactly(Change.NEW, Change.NOT_RUN);
        assertThat(Arrays.stream(Change.values()).filter(Change::fails)).containsExactly(Change.WORSE, Change.MISSING);
    }

    @Test
    void anUpdateReplacesWhatTheSameCommandsMeasured() {
        Baseline before = Baseline.updated(
                Optional.empty(),
                Results.of(List.of(
                        SampleResults.of("ring", Figure.of("ring.ratio", 1), Figure.of("ring.old-ratio", 1)),
                        SampleResults.of("memory", Figure.of("memory.bytes", 300)))));
        Kept byHand = new Kept("ring.ratio", Kind.RATIO, Better.HIGHER, 1, 1, 1, "./guildhall bench ring");
        Baseline corrected = new Baseline(
                1,
                before.updated(),
                before.machine(),
                List.of(byHand, before.figures().getFirst()));

        Baseline updated =
                Baseline.updated(Optional.of(corrected), results("ring --full", Figure.of("ring.ratio", 2, 3, 4)));

        assertThat(before.figures())
                .extracting(Kept::name)
                .containsExactly("memory.bytes", "ring.old-ratio", "ring.ratio");
        assertThat(updated.figures())
                .containsExactly(
                        before.figures().getFirst(),
                        new Kept("ring.ratio", Kind.RATIO, Better.HIGHER, 3, 2, 4, "./guildhall bench ring --full"));
    }

    @Test
    void aFigureOfSeveralFilesHasTheSamplesOfAll() {
        Results twice = Results.of(List.of(
                SampleResults.of("ring", Figure.of("ring.ratio", 1)),
                SampleResults.of("ring", Figure.of("ring.ratio", 3, 2))));

        assertThat(twice.figures()).containsExactly(Figure.of("ring.ratio", 1, 3, 2));
        assertThatThrownBy(() -> Baseline.updated(Optional.empty(), Results.of(List.of())))
                .hasMessage("there are no results");
    }

    @Test
    void theBaselineBesideTheSourcesIsOfTheKeptResults() throws IOException {
        Path module = Path.of(System.getProperty("basedir", "."));

        Baseline kept = Baseline.read(module.resolve("baseline.json"));

        assertThat(kept.figures()).extracting(Kept::name).isNotEmpty().doesNotHaveDuplicates();
        assertThat(kept.figures())
                .allSatisfy(figure -> assertThat(Kind.of(figure.name())).contains(figure.kind()));
        assertThat(kept.compare(Results.read(List.of(module.resolve("results"))), 0))
                .as("run ./guildhall bench check --results engine-bench/results --update")
                .allSatisfy(each -> assertThat(each.change()).as(each.name()).isEqualTo(Change.HELD));
    }
}
