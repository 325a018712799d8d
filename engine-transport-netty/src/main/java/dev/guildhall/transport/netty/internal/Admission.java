package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.Authentication;
import dev.guildhall.transport.netty.GatewayCloseCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The application's answer to an identify, prepared for the event loop. */
sealed interface Admission {

    /** The client gets a session. */
    record Welcome(String user, ReadyData ready) implements Admission {}

    /** The client is closed. */
    record Refused(GatewayCloseCode code, String reason) implements Admission {}

    static Admission of(Authentication answer, @Nullable JsonNode shard) {
        return switch (answer) {
            case Authentication.Accepted accepted ->
                new Welcome(accepted.user(), ReadyData.of(accepted.ready(), shard));
            case Authentication.Refused refused -> new Refused(refused.code(), refused.reason());
        };
    }
}
