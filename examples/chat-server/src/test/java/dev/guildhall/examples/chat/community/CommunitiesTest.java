package dev.guildhall.examples.chat.community;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Engine;
import dev.guildhall.examples.chat.api.Refusal;
import dev.guildhall.examples.chat.api.Snowflakes;
import dev.guildhall.examples.chat.store.Database;
import dev.guildhall.examples.chat.store.Tables;
import dev.guildhall.examples.chat.store.UserRow;
import dev.guildhall.examples.chat.store.UserTable;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommunitiesTest {
    private static final int MAX_GUILDS = 100;
    private static final int HANDS = 8;

    @TempDir
    Path folder;

    @Test
    void aHundredGuildsAreTheMostAlsoForThoseWhoHurry() throws Exception {
        try (Database database = Database.open(folder);
                Engine engine = Engine.builder().open();
                ExecutorService threads = Executors.newFixedThreadPool(HANDS)) {
            Communities communities = communities(database.jdbi(), engine);
            for (int round = 1; round <= 5; round++) {
                UserRow user = new UserRow(round, "user" + round);
                new UserTable(database.jdbi()).add(user, "no hash");
                for (int i = 1; i < MAX_GUILDS; i++) {
                    communities.create(user, "Guild " + i);
                }
                assertThat(atOnce(threads, () -> create(communities, user))).containsOnlyOnce(true);
                assertThat(communities.guildsOf(user)).hasSize(MAX_GUILDS);
            }
        }
    }

    private static boolean create(Communities communities, UserRow user) {
        try {
            communities.create(user, "One more");
            return true;
        } catch (Refusal e) {
            assertThat(e.kind()).isEqualTo(Refusal.Kind.TOO_MANY_GUILDS);
            return false;
        }
    }

    private static List<Boolean> atOnce(ExecutorService threads, Callable<Boolean> action) throws Exception {
        CyclicBarrier start = new CyclicBarrier(HANDS);
        List<Future<Boolean>> running = new ArrayList<>();
        for (int i = 0; i < HANDS; i++) {
            running.add(threads.submit(() -> {
                start.await(20, TimeUnit.SECONDS);
                return action.call();
            }));
        }
        List<Boolean> results = new ArrayList<>();
        for (Future<Boolean> each : running) {
            results.add(each.get(20, TimeUnit.SECONDS));
        }
        return results;
    }

    private static Communities communities(Jdbi jdbi, Engine engine) {
        Tables tables = Tables.of(jdbi);
        return new Communities(
                tables,
                new Guilds(() -> engine, tables.members()),
                new Snowflakes(InstantSource.system(), 0),
                InstantSource.system());
    }
}
