package dev.guildhall.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** What a scenario file may say, and what somebody is told who got it wrong. */
class ScenarioFileTest {
    static final List<String> SHIPPED = ScenarioFile.SHIPPED;

    static final List<Arguments> WRONG = List.of(
            arguments(
                    "connect: {connections: 0}",
                    "connect.connections must be a whole number from 1 to 1,000,000, was 0"),
            arguments(
                    "connect: {connections: many}",
                    "connect.connections must be a whole number from 1 to 1,000,000, was many"),
            arguments("conect: {}", "'conect' means nothing here; there are variables, url"),
            arguments("publish: {rate: 1, rat: 2}", "'publish.rat' means nothing here; there are http, message, rate"),
            arguments("publish: {rate: -1}", "publish.rate must be a number from 0 to 1,000,000, was -1"),
            arguments("publish: {arrivals: odd}", "publish.arrivals must be one of even, poisson, was odd"),
            arguments(
                    "publish: {payload-bytes: {x: 1}}",
                    "a size of publish.payload-bytes must be a whole number from 0 to 1048576, was x"),
            arguments("publish: {message: '${pay}'}", "publish.message has ${pay}, but there are only run, mark, time"),
            arguments("publish: {message: a, http: {post: 'x:'}}", "publish must have message or http, had both"),
            arguments(
                    "publish: {http: {}}",
                    "publish.http must name a URL by one of get, post, put, patch, delete, has none"),
            arguments("duration: 20", "duration must be a time from 1s to 24h with its unit, was 20"),
            arguments("duration: 25h", "duration must be a time from 1s to 24h with its unit, was 25h"),
            arguments("warm-up: -1s", "warm-up must be a time from 0s to 1h with its unit, was -1s"),
            arguments("stall: {share: 120%}", "stall.share must be a share from 0% to 100%, was 120%"),
            arguments("cut: {share: 0.1}", "cut.share must be a share from 0% to 100%, was 0.1"),
            arguments(
                    "stall: {share: 60%}\ncut: {share: 50%}",
                    "stall.share and cut.share must be at most 100% together, were 110%"),
            arguments(
                    "cut: {share: 100%}",
                    "publish.publishers must be at most 0, which are the connections that neither"),
            arguments(
                    "url: http://localhost/",
                    "url must be like ws://host:port/path or wss://host/path, was 'http://localhost/'"),
            arguments(
                    "connect: {source-addresses: 127.0.0.9-3}",
                    "connect.source-addresses must be up to 4096 addresses such as"),
            arguments(
                    "connect: {source-addresses: localhost}",
                    "connect.source-addresses must be up to 4096 addresses such as"),
            arguments("variables: {time: now}", "'time' cannot be the name of a variable"),
            arguments(
                    "receive: {time-after: ''}", "receive.time-after must be the text in front of the time, was empty"),
            arguments("receive: {everyone: 1}", "receive.everyone must be true or false, was 1"),
            arguments("connect", "must hold names and values"),
            arguments("connect: [1]", "connect must be an object, was [1]"),
            arguments("connect: {}\nconnect: {}", "line 2: Duplicate Object property"),
            arguments("connect: {", "line 1: "));

    private static Scenario parse(String text) {
        return ScenarioFile.parse("test.yaml", text, Map.of(), "a1b2c3d4");
    }

    @ParameterizedTest
    @FieldSource("SHIPPED")
    void scenariosThatComeAlongAreScenarios(String name) {
        Scenario scenario = ScenarioFile.read(name, Map.of());
        assertThat(scenario.connect().connections()).isPositive();
        assertThat(ScenarioFile.purpose(name)).isNotEmpty().doesNotStartWith("#");
    }

    @Test
    void anEmptyObjectIsAScenarioOfDefaults() {
        Scenario scenario = parse("{}");
        assertThat(scenario.connect().connections()).isEqualTo(100);
        assertThat(scenario.duration()).isEqualTo(Duration.ofSeconds(20));
        assertThat(scenario.receive().timeAfter()).isEqualTo("@a1b2c3d4:");
        assertThat(scenario.stall()).isNull();
    }

    @Test
    void readsWhatIsWritten() {
        Scenario scenario = parse("""
                url: wss://chat.example/gateway?v=10
                connect:
                  connections: 40
                  source-addresses: 127.0.0.1-127.0.0.3, 127.0.1.7
                  groups: 4
                publish:
                  rate: 2.5
                  arrivals: poisson
                  publishers: 5
                stall: {share: 12.5%, every: 250ms, lasting: 1m}
                cut: {share: 50 %}
                """);
        assertThat(scenario.connect().sourceAddresses())
                .extracting(InetAddress::getHostAddress)
                .containsExactly("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.1.7");
        assertThat(scenario.publish().rate()).isEqualTo(2.5);
        assertThat(scenario.publish().poisson()).isTrue();
        assertThat(scenario.stall())
                .isEqualTo(new Scenario.Stalling(0.125, Duration.ofMillis(250), Duration.ofMinutes(1)));
        assertThat(scenario.cut()).extracting("share").isEqualTo(0.5);
    }

    @Test
    void settingsReplaceWhatTheFileSays() {
        Scenario scenario = ScenarioFile.parse(
                "test.yaml",
                "connect: {connections: 10}",
                Map.of("connect.connections", "20", "cut.share", "10%", "publish.payload-bytes", "{8: 1}"),
                "run");
        assertThat(scenario.connect().connections()).isEqualTo(20);
        assertThat(scenario.cut()).extracting("share").isEqualTo(0.1);
        assertThat(scenario.publish().payloads().next(new Random(1))).hasSize(8);
    }

    @Test
    void sizesComeAsOftenAsTheirWeightsSay() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        PayloadSizes sizes =
                parse("publish: {payload-bytes: {10: 9, 500: 1}}").publish().payloads();
        Random random = new Random(seed);
        long large = IntStream.range(0, 10_000)
                .filter(_ -> sizes.next(random).length() == 500)
                .count();
        assertThat(large).isBetween(800L, 1_200L);
    }

    @ParameterizedTest
    @FieldSource("WRONG")
    void whatIsWrongIsNamedWithItsBounds(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(LoadException.class)
                .hasMessageStartingWith("test.yaml")
                .hasMessageContaining(message);
    }

    @Test
    void aStepKnowsWhatTheOnesBeforeItTook() {
        String text = """
                prepare:
                  once:
                    - post: http://localhost/a
                      take: {id: /id}
                    - get: http://localhost/${id}
                publish: {http: {post: 'http://localhost/${id}', body: '${mark}${time}'}}
                """;
        assertThat(parse(text).prepare().once()).hasSize(2);
        assertThatThrownBy(() -> parse(text.replace("{id: /id}", "{other: /id}")))
                .hasMessageContaining("prepare.once[1].get has ${id}, but there are only run, other");
        assertThatThrownBy(() -> parse(text.replace("/id}", "id}")))
                .hasMessageContaining("prepare.once[0].take.id must be a JSON pointer such as /id, was id");
    }

    @Test
    void whatIsNowhereIsSaidToBe(@TempDir Path folder) throws Exception {
        assertThatThrownBy(() -> ScenarioFile.read("crowds", Map.of()))
                .hasMessageContaining("no file 'crowds', and no scenario of this name; there are fan-out");
        Path file = Files.writeString(folder.resolve("own.yaml"), "connect: {connections: 7}");
        assertThat(ScenarioFile.read(file.toString(), Map.of()).connect().connections())
                .isEqualTo(7);
    }

    @Test
    void aResultSaysNothingOfVariables() {
        Scenario scenario = parse("""
                variables: {token: secret}
                connect: {connections: 3}
                """);
        assertThat(scenario.settings().toString()).contains("\"connections\":3").doesNotContain("secret");
    }
}
