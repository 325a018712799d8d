package dev.guildhall;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Somebody wants to publish.
 *
 * @param event what
 * @param user who, as {@link PublishOptions#user} said; null if nothing was said
 */
public record PublishRequest(Event event, @Nullable String user) {

    /**
     * Checks that nothing is missing.
     *
     * @param event what
     * @param user who
     */
    public PublishRequest {
        Objects.requireNonNull(event, "event");
    }
}
