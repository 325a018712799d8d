package dev.guildhall.examples.chat.store;

/** A code that lets people into a guild, with the names a person wants to see before following it. */
public record InviteRow(
        String code,
        long guildId,
        String guildName,
        long channelId,
        String channelName,
        long inviterId,
        String inviterName) {}
