package dev.guildhall.examples.chat.store;

import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Accounts and the tokens that stand for them. Usable from any thread; every call may block. */
public final class UserTable {
    private static final String UNIQUE_VIOLATION = "23505";

    private final Jdbi jdbi;

    public UserTable(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Adds an account.
     *
     * @param user whose name is not taken, it is hoped
     * @param passwordHash never the password
     * @return false if the name is taken; nothing is stored then
     */
    public boolean add(UserRow user, String passwordHash) {
        try {
            jdbi.useHandle(handle ->
                    handle.execute("INSERT INTO users VALUES (?, ?, ?)", user.id(), user.username(), passwordHash));
            return true;
        } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof SQLException cause && UNIQUE_VIOLATION.equals(cause.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    public Optional<UserRow> find(long id) {
        return jdbi.withHandle(handle -> handle.select("SELECT id, username FROM users WHERE id = ?", id)
                .mapTo(UserRow.class)
                .findOne());
    }

    public Optional<CredentialRow> findCredential(String username) {
        return jdbi.withHandle(
                handle -> handle.select("SELECT id, password_hash FROM users WHERE username = ?", username)
                        .mapTo(CredentialRow.class)
                        .findOne());
    }

    public void addToken(byte[] hash, long userId) {
        jdbi.useHandle(handle -> handle.execute("INSERT INTO tokens VALUES (?, ?)", hash, userId));
    }

    public void removeToken(byte[] hash) {
        jdbi.useHandle(handle -> handle.execute("DELETE FROM tokens WHERE hash = ?", hash));
    }

    public Optional<UserRow> findByToken(byte[] hash) {
        return jdbi.withHandle(
                handle -> handle.select("""
                        SELECT u.id, u.username FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = ?""", hash).mapTo(UserRow.class).findOne());
    }
}
