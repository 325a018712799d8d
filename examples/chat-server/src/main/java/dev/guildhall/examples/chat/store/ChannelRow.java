package dev.guildhall.examples.chat.store;

import org.jspecify.annotations.Nullable;

/** A text channel of a guild; {@code lastMessageId} is null as long as nobody wrote anything. */
public record ChannelRow(
        long id,
        long guildId,
        String name,
        int position,
        @Nullable Long lastMessageId) {}
