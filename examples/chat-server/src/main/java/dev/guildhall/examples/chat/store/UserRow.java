package dev.guildhall.examples.chat.store;

/** Somebody with an account. */
public record UserRow(long id, String username) {}
