package dev.guildhall.bench.load;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks an HTTP server for what the clients need, such as accounts and a channel, one request after the other. */
final class Preparation {
    private static final int OK = 200;
    private static final int REDIRECT = 300;
    private static final int MOST_SHOWN = 200;

    private final Scenario scenario;
    private final HttpClient http;

    Preparation(Scenario scenario, HttpClient http) {
        this.scenario = scenario;
        this.http = http;
    }

    /**
     * Does what the scenario says.
     *
     * @param progress is told how many users are ready
     * @param isInterrupted looked at between requests
     * @return the variables of each user
     * @throws LoadException if a request fails
     */
    List<Map<String, String>> run(IntConsumer progress, BooleanSupplier isInterrupted) throws InterruptedException {
        Map<String, String> common = new HashMap<>(scenario.variables());
        common.put(Names.RUN, scenario.run());
        for (HttpCall call : scenario.prepare().once()) {
            ask(call, common);
        }
        List<Map<String, String>> users = new ArrayList<>();
        for (int user = 0; user < scenario.prepare().users() && !isInterrupted.getAsBoolean(); user++) {
            Map<String, String> own = new HashMap<>(common);
            own.put(Names.USER, Integer.toString(user));
            for (HttpCall call : scenario.prepare().eachUser()) {
                ask(call, own);
            }
            users.add(own);
            progress.accept(users.size());
        }
        return users;
    }

    private void ask(HttpCall call, Map<String, String> variables) throws InterruptedException {
        HttpRequest request = call.request(variables::get);
        String what = request.method() + " " + request.uri();
        HttpResponse<String> response;
        try {
            response = http.send(request, BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new LoadException("cannot prepare: nothing answers " + what + "; does the server run?", e);
        } catch (IOException e) {
            throw new LoadException("cannot prepare: " + what + ": " + e, e);
        }
        String body = response.body();
        if (response.statusCode() < OK || response.statusCode() >= REDIRECT) {
            throw new LoadException("cannot prepare: " + what + " was answered with " + response.statusCode() + " "
                    + body.substring(0, Math.min(body.length(), MOST_SHOWN)));
        }
        for (Map.Entry<String, JsonPointer> take : call.take().entrySet()) {
            variables.put(take.getKey(), taken(what, body, take.getValue()));
        }
    }

    private static String taken(String what, String body, JsonPointer pointer) {
        try {
            JsonNode value = JsonMapper.shared().readTree(body).at(pointer);
            if (value.isValueNode()) {
                return value.asString();
            }
        } catch (JacksonException e) {
            // Then there is nothing in it either.
        }
        throw new LoadException("cannot prepare: the answer to " + what + " has no " + pointer);
    }
}
