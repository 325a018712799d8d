package dev.guildhall.bench.load;

import dev.guildhall.bench.load.Tally.Count;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Publishes by HTTP, one user after the other. A publish counts once it is answered with 2xx. */
final class HttpPublisher implements Pacer.Publisher {
    private static final int OK = 200;
    private static final int REDIRECT = 300;

    private final Load load;
    private final HttpClient http;
    private final HttpCall call;
    private final List<Map<String, String>> users;
    private final PayloadSizes payloads;
    private final Random random;
    private final AtomicInteger inFlight = new AtomicInteger();

    HttpPublisher(Load load, HttpClient http, HttpCall call, List<Map<String, String>> users) {
        this.load = load;
        this.http = http;
        this.call = call;
        this.users = users;
        this.payloads = load.scenario().publish().payloads();
        this.random = new Random(load.scenario().seed());
    }

    boolean isDone() {
        return inFlight.get() == 0;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // what comes of it is counted
    public void publish(long number, long due) {
        Tally tally = load.tally();
        tally.count(Count.DUE);
        if (inFlight.get() >= load.scenario().publish().mostInFlight()) {
            unsent("more than publish.in-flight are not answered");
            return;
        }
        inFlight.incrementAndGet();
        int group = (int) (number % load.scenario().connect().groups());
        try {
            http.sendAsync(call.request(values(number, group, due)::get), BodyHandlers.discarding())
                    .whenComplete((response, failure) -> {
                        inFlight.decrementAndGet();
                        if (failure != null) {
                            tally.count(Count.UNKNOWN);
                            tally.error("publish: " + Failures.reason(failure));
                        } else if (response.statusCode() >= OK && response.statusCode() < REDIRECT) {
                            load.ledger().published(group, load.stamp().asRead(due));
                            tally.count(Count.PUBLISHED);
                        } else {
                            unsent("HTTP " + response.statusCode());
                        }
                    });
            load.left(due);
        } catch (LoadException e) {
            inFlight.decrementAndGet();
            unsent(String.valueOf(e.getMessage()));
        }
    }

    private Values values(long number, int group, long due) {
        String payload = payloads.next(random);
        Map<String, String> user = users.get((int) (number % users.size()));
        return name -> switch (name) {
            case "mark" -> load.scenario().receive().timeAfter();
            case "time" -> load.stamp().digits(due);
            case "payload" -> payload;
            case "n" -> Long.toString(number);
            case Names.GROUP -> Integer.toString(group);
            default -> user.get(name);
        };
    }

    private interface Values {
        @Nullable
        String get(String name);
    }

    private void unsent(String why) {
        load.tally().count(Count.UNSENT);
        load.tally().error("publish: " + why);
    }
}
