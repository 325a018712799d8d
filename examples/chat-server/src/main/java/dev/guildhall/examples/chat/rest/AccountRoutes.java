package dev.guildhall.examples.chat.rest;

import dev.guildhall.examples.chat.account.Accounts;
import dev.guildhall.examples.chat.account.AttemptLimit;
import dev.guildhall.examples.chat.account.Login;
import dev.guildhall.examples.chat.api.Json;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.store.UserRow;
import io.javalin.http.HandlerType;
import java.time.Duration;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ObjectNode;

/** Registering, logging in, users, and where the gateway is. */
final class AccountRoutes {
    private static final int SESSION_STARTS = 1000;
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final Accounts accounts;
    private final AttemptLimit attempts;
    private final RestServer.Live live;

    AccountRoutes(Accounts accounts, AttemptLimit attempts, RestServer.Live live) {
        this.accounts = accounts;
        this.attempts = attempts;
        this.live = live;
    }

    void addTo(Routes routes) {
        routes.open(HandlerType.POST, "/auth/register", e -> enter(e, 201, accounts::register));
        routes.open(HandlerType.POST, "/auth/login", e -> enter(e, 200, accounts::login));
        routes.personal(HandlerType.POST, "/auth/logout", (e, user) -> logout(e));
        routes.open(HandlerType.GET, "/gateway", e -> e.answer(gatewayUrl(e)));
        routes.personal(HandlerType.GET, "/gateway/bot", (e, user) -> e.answer(gatewayForBots(e)));
        routes.personal(HandlerType.GET, "/users/@me", (e, user) -> e.answer(Shapes.ownUser(user)));
        routes.personal(HandlerType.GET, "/users/{user}", (e, user) -> user(e));
        routes.personal(HandlerType.GET, "/oauth2/applications/@me", (e, user) -> e.answer(application(user)));
    }

    private void enter(Exchange exchange, int status, BiFunction<String, String, Login> way) {
        Body body = exchange.body();
        String username = body.text("username");
        String password = body.text("password");
        Duration wait = attempts.take(exchange.address());
        if (wait.isPositive()) {
            tooMany(exchange, wait);
            return;
        }
        Login login = way.apply(username, password);
        ObjectNode json = Json.object().put("token", login.token());
        json.set("user", Shapes.ownUser(login.user()));
        exchange.answer(status, json);
    }

    private static void tooMany(Exchange exchange, Duration wait) {
        double seconds = wait.toMillis() / 1000.0;
        exchange.header("Retry-After", Long.toString((long) Math.ceil(seconds)));
        exchange.answer(
                429,
                Json.object()
                        .put("message", "You are being rate limited.")
                        .put("code", 0)
                        .put("retry_after", seconds)
                        .put("global", false));
    }

    private void logout(Exchange exchange) {
        String token = exchange.token();
        if (token != null) {
            accounts.logout(token);
            live.end(token);
        }
        exchange.answerNothing();
    }

    private void user(Exchange exchange) {
        exchange.answer(accounts.find(exchange.pathId("user"))
                .map(Shapes::user)
                .orElseThrow(() -> new Refusal(Kind.UNKNOWN_USER)));
    }

    private ObjectNode gatewayUrl(Exchange exchange) {
        return Json.object().put("url", live.url(exchange.host()).toString());
    }

    private ObjectNode gatewayForBots(Exchange exchange) {
        ObjectNode json = gatewayUrl(exchange).put("shards", 1);
        json.putObject("session_start_limit")
                .put("total", SESSION_STARTS)
                .put("remaining", SESSION_STARTS)
                .put("reset_after", DAY_MILLIS)
                .put("max_concurrency", 1);
        return json;
    }

    private static ObjectNode application(UserRow user) {
        ObjectNode json = Json.object()
                .put("id", Long.toString(user.id()))
                .put("name", user.username())
                .put("description", "")
                .putNull("icon")
                .put("bot_public", false)
                .put("bot_require_code_grant", false)
                .put("flags", 0);
        json.set("owner", Shapes.user(user));
        return json;
    }
}
