package dev.guildhall.examples.chat.account;

import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Refusal.Kind;
import dev.guildhall.examples.chat.api.Snowflakes;
import dev.guildhall.examples.chat.store.CredentialRow;
import dev.guildhall.examples.chat.store.UserRow;
import dev.guildhall.examples.chat.store.UserTable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Registers people, logs them in and knows them again by their token. Usable from any thread; calls may block. */
public final class Accounts {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{2,32}");
    private static final int MAX_TOKEN_LENGTH = 200;

    private final UserTable users;
    private final Snowflakes ids;
    private final Passwords passwords = new Passwords();
    private final Tokens tokens = new Tokens();

    public Accounts(UserTable users, Snowflakes ids) {
        this.users = users;
        this.ids = ids;
    }

    /**
     * Makes an account.
     *
     * @throws Refusal if the name is taken, or name or password are not allowed
     */
    public Login register(String username, String password) {
        if (!NAME.matcher(username).matches()) {
            throw Refusal.invalid("username must be 2 to 32 letters, digits, '_', '.' or '-'");
        }
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < Passwords.MIN_BYTES || bytes > Passwords.MAX_BYTES) {
            throw Refusal.invalid("password must have " + Passwords.MIN_BYTES + " to " + Passwords.MAX_BYTES
                    + " bytes in UTF-8, had " + bytes);
        }
        UserRow user = new UserRow(ids.next(), username.toLowerCase(Locale.ROOT));
        if (users.findCredential(user.username()).isPresent() || !users.add(user, passwords.hashWhenFree(password))) {
            throw new Refusal(Kind.NAME_TAKEN);
        }
        return loggedIn(user);
    }

    /**
     * Checks a password.
     *
     * @throws Refusal if there is no such name or the password is wrong; the two look the same, also to a stopwatch
     */
    public Login login(String username, String password) {
        String name = username.toLowerCase(Locale.ROOT);
        Optional<CredentialRow> credential = users.findCredential(name);
        if (!passwords.matches(password, credential.map(CredentialRow::passwordHash))) {
            throw new Refusal(Kind.UNAUTHORIZED);
        }
        return loggedIn(new UserRow(credential.orElseThrow().id(), name));
    }

    public void logout(String token) {
        users.removeToken(Tokens.hash(token));
    }

    /**
     * Whose token it is.
     *
     * @param token anything a client may send
     * @return empty if it is nobody's
     */
    public Optional<UserRow> findByToken(String token) {
        if (token.isEmpty() || token.length() > MAX_TOKEN_LENGTH) {
            return Optional.empty();
        }
        return users.findByToken(Tokens.hash(token));
    }

    public Optional<UserRow> find(long id) {
        return users.find(id);
    }

    private Login loggedIn(UserRow user) {
        String token = tokens.create(user.id());
        users.addToken(Tokens.hash(token), user.id());
        return new Login(user, token);
    }
}
