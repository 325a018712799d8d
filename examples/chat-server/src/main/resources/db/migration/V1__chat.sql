-- Ids are snowflakes: the upper 42 bits are the time of creation, so no table keeps that time again.

CREATE TABLE users (
    id            BIGINT      PRIMARY KEY,
    username      VARCHAR(32) NOT NULL,
    password_hash VARCHAR(72) NOT NULL,
    CONSTRAINT users_username UNIQUE (username)
);

-- A token is stored as its SHA-256 only: who reads the file cannot log in with it.
CREATE TABLE tokens (
    hash          BINARY(32)  PRIMARY KEY,
    user_id       BIGINT      NOT NULL REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE guilds (
    id            BIGINT       PRIMARY KEY,
    name          VARCHAR(200) NOT NULL,
    owner_id      BIGINT       NOT NULL REFERENCES users (id)
);

CREATE TABLE channels (
    id            BIGINT       PRIMARY KEY,
    guild_id      BIGINT       NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
    name          VARCHAR(200) NOT NULL,
    position      INT          NOT NULL
);
CREATE INDEX channels_of_guild ON channels (guild_id, position, id);

CREATE TABLE members (
    guild_id      BIGINT NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
    user_id       BIGINT NOT NULL REFERENCES users (id),
    joined_millis BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);
CREATE INDEX guilds_of_user ON members (user_id, guild_id);

-- 4,000 characters are at most 8,000 UTF-16 units, which is what the database counts.
CREATE TABLE messages (
    id            BIGINT        PRIMARY KEY,
    channel_id    BIGINT        NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    author_id     BIGINT        NOT NULL REFERENCES users (id),
    content       VARCHAR(8000) NOT NULL,
    edited_millis BIGINT
);
CREATE INDEX messages_of_channel ON messages (channel_id, id DESC);

CREATE TABLE invites (
    code          VARCHAR(16) PRIMARY KEY,
    channel_id    BIGINT      NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    inviter_id    BIGINT      NOT NULL REFERENCES users (id),
    CONSTRAINT invites_once UNIQUE (channel_id, inviter_id)
);
