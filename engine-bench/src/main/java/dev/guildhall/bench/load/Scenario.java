package dev.guildhall.bench.load;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a load consists of, as docs/load.md describes it. Immutable and checked: every value is within its bounds.
 *
 * @param run fills {@code ${run}}, and so makes names and marks this run's own
 * @param settings what the file says, without variables and preparation, which may hold secrets
 */
record Scenario(
        String name,
        String run,
        URI url,
        Map<String, String> variables,
        Preparing prepare,
        Connecting connect,
        Publishing publish,
        Receiving receive,
        @Nullable Stalling stall,
        @Nullable Cutting cut,
        Duration warmUp,
        Duration duration,
        Duration settle,
        int threads,
        long seed,
        JsonNode settings) {

    private static final Duration ZERO = Duration.ZERO;
    private static final Duration TENTH = Duration.ofMillis(100);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MOST_STEPS = 50;

    /** What to ask of an HTTP server before anybody connects: once, and then for each user. */
    record Preparing(List<HttpCall> once, int users, List<HttpCall> eachUser) {
        static final Preparing NOTHING = new Preparing(List.of(), 1, List.of());
    }

    /**
     * @param perSecond how many connections are begun in a second
     * @param atOnce how many may be on their way to READY, beyond which the next ones wait
     * @param groups the connections belong to, by turns
     * @param identify the {@code d} of opcode 2
     * @param token for resumes
     * @param receiveBuffer bytes of each socket's, or 0 for as many as the kernel likes
     */
    record Connecting(
            int connections,
            double perSecond,
            int atOnce,
            Duration timeout,
            List<InetAddress> sourceAddresses,
            int groups,
            Template identify,
            Template token,
            int receiveBuffer,
            int maxMessageBytes,
            boolean insecure) {}

    /**
     * @param rate publishes a second, all publishers together; 0 for none
     * @param poisson whether the intervals are random ones, as of many people who know nothing of each other
     * @param message what a publisher sends, or null if {@code http} is what it asks
     */
    record Publishing(
            double rate,
            boolean poisson,
            int publishers,
            PayloadSizes payloads,
            @Nullable Template message,
            @Nullable HttpCall http,
            int mostInFlight) {}

    /**
     * @param type of the dispatches that are looked at, or null for all
     * @param timeAfter text in front of the digits of the time
     * @param everyone whether each session is due every publish of its group
     */
    record Receiving(@Nullable String type, String timeAfter, Stamp.Clock clock, Stamp.Unit unit, boolean everyone) {}

    /** Clients that stop reading now and then. */
    record Stalling(double share, Duration every, Duration lasting) {}

    /** Clients whose link is cut now and then, and that come back and resume. */
    record Cutting(double share, Duration every, Duration away) {}

    static Scenario read(String name, String run, Fields fields) {
        Map<String, String> variables = fields.texts("variables");
        Names names = new Names(variables);
        String url = fields.text("url", "ws://127.0.0.1:" + LoadTarget.DEFAULT_PORT + "/gateway");
        Preparing prepare = fields.object("prepare", part -> preparing(part, names), Preparing.NOTHING);
        Connecting connect = Fields.read("connect", fields.part("connect"), part -> connecting(part, names));
        Publishing publish =
                Fields.read("publish", fields.part("publish"), part -> publishing(part, names, connect.connections()));
        Receiving receive = Fields.read("receive", fields.part("receive"), part -> receiving(part, run));
        Scenario scenario = new Scenario(
                name,
                run,
                gateway(url),
                variables,
                prepare,
                connect,
                publish,
                receive,
                fields.object("stall", Scenario::stalling),
                fields.object("cut", Scenario::cutting),
                fields.duration("warm-up", ZERO, HOUR, Duration.ofSeconds(2)),
                fields.duration("duration", SECOND, Duration.ofHours(24), Duration.ofSeconds(20)),
                fields.duration("settle", ZERO, HOUR, Duration.ofSeconds(10)),
                fields.integer("threads", 1, 64, 1),
                fields.anyLong("seed", 1),
                fields.without("variables", "prepare"));
        scenario.checkShares();
        return scenario;
    }

    private void checkShares() {
        double disturbed = (stall == null ? 0 : stall.share) + (cut == null ? 0 : cut.share);
        if (disturbed > 1) {
            throw new LoadException("stall.share and cut.share must be at most 100% together, were "
                    + Math.round(disturbed * 100) + "%");
        }
        int left = (int) (connect.connections - Math.ceil(disturbed * connect.connections));
        if (publish.message != null && publish.rate > 0 && publish.publishers > left) {
            throw new LoadException("publish.publishers must be at most " + left
                    + ", which are the connections that neither stall nor are cut, was " + publish.publishers);
        }
    }

    private static URI gateway(String text) {
        try {
            URI url = URI.create(text);
            if (("ws".equals(url.getScheme()) || "wss".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // As any other text.
        }
        throw new LoadException("url must be like ws://host:port/path or wss://host/path, was '" + text + "'");
    }

    private static Preparing preparing(Fields fields, Names names) {
        List<HttpCall> once = fields.list("once", MOST_STEPS, step -> HttpCall.read(step, names, List.of()));
        int users = fields.integer("users", 1, 10_000, 1);
        List<HttpCall> each =
                fields.list("each-user", MOST_STEPS, step -> HttpCall.read(step, names, List.of(Names.USER)));
        return new Preparing(once, users, each);
    }

    private static Connecting connecting(Fields fields, Names names) {
        int connections = fields.integer("connections", 1, 1_000_000, 100);
        List<String> known = names.with(Names.USER, Names.CONNECTION, Names.GROUP);
        String addresses = fields.text("source-addresses");
        String token = fields.text("token", names.has(Names.TOKEN) ? "${token}" : "load-${connection}");
        return new Connecting(
                connections,
                fields.number("per-second", 0.1, 100_000, 500),
                fields.integer("at-once", 1, 100_000, 500),
                fields.duration("timeout", TENTH, HOUR, Duration.ofSeconds(30)),
                addresses == null ? List.of() : SourceAddresses.parse(addresses),
                fields.integer("groups", 1, connections, 1),
                Template.of(fields.text("identify", """
                                {"token":"%s","intents":0,"properties":{"os":"","browser":"load","device":""}}""".formatted(token)), "connect.identify", known),
                Template.of(token, "connect.token", known),
                fields.integer("receive-buffer", 0, 1 << 24, 0),
                fields.integer("max-message-bytes", 1 << 10, 1 << 28, 1 << 22),
                fields.flag("insecure", false));
    }

    private static Publishing publishing(Fields fields, Names names, int connections) {
        List<String> own = new ArrayList<>(List.of("mark", "time", "payload", "n", Names.GROUP, Names.USER));
        HttpCall http = fields.object("http", part -> HttpCall.read(part, names, own));
        own.add(Names.CONNECTION);
        String message = fields.text("message", """
                {"op":100,"d":{"at":"${mark}${time}","payload":"${payload}"}}""");
        if (http != null && fields.has("message")) {
            throw new LoadException("publish must have message or http, had both");
        }
        return new Publishing(
                fields.number("rate", 0, 1_000_000, 10),
                fields.choice("arrivals", Arrivals.class, Arrivals.EVEN) == Arrivals.POISSON,
                fields.integer("publishers", 1, connections, 1),
                PayloadSizes.read(fields.part("payload-bytes")),
                http == null ? Template.of(message, "publish.message", names.with(own.toArray(String[]::new))) : null,
                http,
                fields.integer("in-flight", 1, 100_000, 1_000));
    }

    private enum Arrivals {
        EVEN,
        POISSON
    }

    private static Receiving receiving(Fields fields, String run) {
        String before = fields.text("time-after", Stamp.markOf(run));
        if (before.isEmpty()) {
            throw new LoadException("receive.time-after must be the text in front of the time, was empty");
        }
        return new Receiving(
                fields.text("type"),
                before,
                fields.choice("clock", Stamp.Clock.class, Stamp.Clock.MONOTONIC),
                fields.choice("unit", Stamp.Unit.class, Stamp.Unit.NANOS),
                fields.flag("everyone", true));
    }

    private static Stalling stalling(Fields fields) {
        return new Stalling(
                fields.share("share", 0),
                fields.duration("every", TENTH, HOUR, Duration.ofSeconds(10)),
                fields.duration("lasting", TENTH, HOUR, Duration.ofSeconds(5)));
    }

    private static Cutting cutting(Fields fields) {
        return new Cutting(
                fields.share("share", 0),
                fields.duration("every", TENTH, HOUR, Duration.ofSeconds(10)),
                fields.duration("away", Duration.ofMillis(1), HOUR, SECOND));
    }
}
