package dev.guildhall.bench.load;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Says in a few words why a connection failed; the same words for the same failure, so that they can be counted. */
final class Failures {
    private static final String NATIVE = "(..) failed with error(-";

    private Failures() {}

    static String reason(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> "unknown";
            case CompletionException wrapped when wrapped.getCause() != null -> reason(wrapped.getCause());
            case ConnectTimeoutException timeout -> "no answer to connect in time";
            case UnknownHostException unknown -> "unknown host";
            case NoRouteToHostException unreachable -> "no route to host";
            case BindException bind -> "the source address cannot be bound";
            case ConnectException connect when message(connect).contains("refused") -> "connection refused";
            case ConnectException connect when message(connect).contains("unreachable") -> "network unreachable";
            case WebSocketClientHandshakeException refused
            when refused.response() != null ->
                "upgrade refused with " + refused.response().status();
            case WebSocketHandshakeException handshake -> "no WebSocket: " + message(handshake);
            default -> plain(failure);
        };
    }

    private static String plain(Throwable failure) {
        String message = message(failure);
        if (message.contains("Cannot assign requested address")) {
            return "the source address cannot be bound";
        }
        if (message.contains("Too many open files")) {
            return "too many open files";
        }
        int end = message.indexOf(NATIVE);
        String text = end < 0 ? message : message.substring(message.indexOf("): ", end) + "): ".length());
        return text.isEmpty() ? failure.getClass().getSimpleName() : text;
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }
}
