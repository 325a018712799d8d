package dev.guildhall.examples.chat.store;

/** What a login is checked against. */
public record CredentialRow(long id, String passwordHash) {
    @Override
    public String toString() {
        return "CredentialRow[id=" + id + "]";
    }
}
