package dev.guildhall.examples.chat.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** The database file in the data folder and the pool of connections to it. */
public final class Database implements AutoCloseable {
    /** H2 gains nothing from more; virtual threads beyond these wait, for half a minute at most. */
    private static final int POOL_SIZE = 8;

    private static final List<Class<? extends Record>> ROWS = List.of(
            UserRow.class,
            CredentialRow.class,
            GuildRow.class,
            ChannelRow.class,
            MemberRow.class,
            MessageRow.class,
            InviteRow.class);

    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool, Jdbi jdbi) {
        this.pool = pool;
        this.jdbi = jdbi;
    }

    /**
     * Opens the database of a folder and brings its schema up to date.
     *
     * @param folder is made if it is not there
     * @return the open database
     * @throws IOException if the folder cannot be made
     */
    public static Database open(Path folder) throws IOException {
        String file = folder.toAbsolutePath().normalize().resolve("chat").toString();
        if (file.contains(";")) {
            throw new IllegalArgumentException(
                    "The data folder's path must not contain ';', which ends the database's name: " + folder);
        }
        Files.createDirectories(folder);
        HikariConfig config = new HikariConfig();
        // A commit is handed to the operating system at once: what was acknowledged survives a killed process.
        config.setJdbcUrl("jdbc:h2:file:" + file + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
        config.setPoolName("chat-database");
        config.setMaximumPoolSize(POOL_SIZE);
        HikariDataSource pool = new HikariDataSource(config);
        try {
            Flyway.configure().dataSource(pool).load().migrate();
            Jdbi jdbi = Jdbi.create(pool);
            ROWS.forEach(row -> jdbi.registerRowMapper(ConstructorMapper.factory(row)));
            return new Database(pool, jdbi);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /**
     * The way to query it.
     *
     * @return usable from any thread; every call borrows a connection and may block
     */
    public Jdbi jdbi() {
        return jdbi;
    }

    /**
     * The largest id that any table holds, so that new ones are larger even if the clock went back meanwhile.
     *
     * @return 0 for an empty database
     */
    public long largestId() {
        return jdbi.withHandle(
                handle -> handle.select("""
                        SELECT MAX(id) FROM (
                            SELECT MAX(id) AS id FROM users UNION ALL SELECT MAX(id) FROM guilds
                            UNION ALL SELECT MAX(id) FROM channels UNION ALL SELECT MAX(id) FROM messages)""").mapTo(Long.class).findOne().orElse(0L));
    }

    @Override
    public void close() {
        pool.close();
    }
}
