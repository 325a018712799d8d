package dev.guildhall.examples.chat.rest;

import dev.guildhall.examples.chat.account.Accounts;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.store.UserRow;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HandlerType;

/** Where routes are added, below the base path: open to everybody, or for those only who show a token. */
final class Routes {
    private static final String BASE = "/api/v10";

    /** Code of a route that everybody may call. */
    @FunctionalInterface
    interface Open {
        void handle(Exchange exchange);
    }

    /** Code of a route for people who are logged in. */
    @FunctionalInterface
    interface Personal {
        void handle(Exchange exchange, UserRow user);
    }

    private final RoutesConfig routes;
    private final Accounts accounts;

    Routes(RoutesConfig routes, Accounts accounts) {
        this.routes = routes;
        this.accounts = accounts;
    }

    void open(HandlerType method, String path, Open route) {
        routes.addHttpHandler(method, BASE + path, context -> route.handle(new Exchange(context)));
    }

    void personal(HandlerType method, String path, Personal route) {
        open(method, path, exchange -> route.handle(exchange, user(exchange)));
    }

    private UserRow user(Exchange exchange) {
        String token = exchange.token();
        if (token == null) {
            throw new Refusal(Kind.UNAUTHORIZED);
        }
        return accounts.findByToken(token).orElseThrow(() -> new Refusal(Kind.UNAUTHORIZED));
    }
}
