package dev.guildhall.examples.chat.rest;

import dev.guildhall.examples.chat.api.Json;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.community.Conversations;
import dev.guildhall.examples.chat.store.MessageRow;
import dev.guildhall.examples.chat.store.UserRow;
import io.javalin.http.HandlerType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Messages of a channel. */
final class MessageRoutes {
    private static final String MESSAGES = "/channels/{channel}/messages";
    private static final String MESSAGE = MESSAGES + "/{message}";
    private static final int MAX_CONTENT = 4_000;
    private static final int MAX_PAGE = 100;
    private static final int DEFAULT_PAGE = 50;

    private final Conversations conversations;

    MessageRoutes(Conversations conversations) {
        this.conversations = conversations;
    }

    void addTo(Routes routes) {
        routes.personal(HandlerType.GET, MESSAGES, this::page);
        routes.personal(HandlerType.POST, MESSAGES, this::post);
        routes.personal(HandlerType.GET, MESSAGE, this::find);
        routes.personal(HandlerType.PATCH, MESSAGE, this::edit);
        routes.personal(HandlerType.DELETE, MESSAGE, this::delete);
        routes.personal(HandlerType.POST, "/channels/{channel}/typing", this::typing);
    }

    private void page(Exchange exchange, UserRow user) {
        long channel = exchange.pathId("channel");
        int limit = exchange.queryNumber("limit", 1, MAX_PAGE, DEFAULT_PAGE);
        List<MessageRow> page = exchange.hasQuery("after")
                ? conversations.after(user, channel, exchange.queryId("after", 0), limit)
                : conversations.before(user, channel, exchange.queryId("before", Long.MAX_VALUE), limit);
        exchange.answer(Json.array(page, Shapes::message));
    }

    private void post(Exchange exchange, UserRow user) {
        long channel = exchange.pathId("channel");
        Body body = exchange.body();
        String content = body.text("content", 1, MAX_CONTENT);
        JsonNode nonce = body.nonce();
        exchange.answer(withNonce(conversations.post(user, channel, content, nonce), nonce));
    }

    private void find(Exchange exchange, UserRow user) {
        exchange.answer(
                Shapes.message(conversations.find(user, exchange.pathId("channel"), exchange.pathId("message"))));
    }

    private void edit(Exchange exchange, UserRow user) {
        long channel = exchange.pathId("channel");
        long message = exchange.pathId("message");
        String content = exchange.body().text("content", 1, MAX_CONTENT);
        exchange.answer(Shapes.message(conversations.edit(user, channel, message, content)));
    }

    private void delete(Exchange exchange, UserRow user) {
        conversations.delete(user, exchange.pathId("channel"), exchange.pathId("message"));
        exchange.answerNothing();
    }

    private void typing(Exchange exchange, UserRow user) {
        conversations.typing(user, exchange.pathId("channel"));
        exchange.answerNothing();
    }

    private static ObjectNode withNonce(MessageRow message, @Nullable JsonNode nonce) {
        ObjectNode json = Shapes.message(message);
        if (nonce != null) {
            json.set("nonce", nonce);
        }
        return json;
    }
}
