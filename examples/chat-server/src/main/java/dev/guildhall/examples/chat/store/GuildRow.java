package dev.guildhall.examples.chat.store;

/** A guild. */
public record GuildRow(long id, String name, long ownerId) {}
