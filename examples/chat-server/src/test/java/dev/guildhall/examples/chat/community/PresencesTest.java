package dev.guildhall.examples.chat.community;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Session;
import dev.guildhall.examples.chat.api.Status;
import dev.guildhall.examples.chat.store.ChannelRow;
import dev.guildhall.examples.chat.store.Database;
import dev.guildhall.examples.chat.store.GuildRow;
import dev.guildhall.examples.chat.store.GuildTable;
import dev.guildhall.examples.chat.store.MemberTable;
import dev.guildhall.examples.chat.store.UserRow;
import dev.guildhall.examples.chat.store.UserTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PresencesTest {
    private static final long ANN = 1;
    private static final long GUILD = 2;

    @TempDir
    Path folder;

    @Test
    void whatCouldNotBeAnnouncedIsAnnouncedTheNextTime() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (Database database = openWithAnnInAGuild();
                Engine engine = Engine.builder().open()) {
            GuildEvents events = new GuildEvents(() -> {
                if (broken.get()) {
                    throw new IllegalStateException("broken on purpose");
                }
                return engine;
            });
            Presences presences = new Presences(events, new MemberTable(database.jdbi()));
            Session session = engine.openSession(Long.toString(ANN), event -> seen.add(event.text()));
            session.subscribe(engine.guild(Long.toString(GUILD)));
            presences.set(new LiveSession(session, ANN, -1), Status.IDLE);

            assertThatThrownBy(() -> presences.announce(ANN)).hasMessage("broken on purpose");
            broken.set(false);
            presences.announce(ANN);
            presences.announce(ANN);
            engine.guild(Long.toString(GUILD)).publish(Event.of("END", "end"));

            assertThat(seen.poll(20, TimeUnit.SECONDS)).contains("\"status\":\"idle\"");
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("end");
        }
    }

    private Database openWithAnnInAGuild() throws IOException {
        Database database = Database.open(folder);
        new UserTable(database.jdbi()).add(new UserRow(ANN, "ann"), "no hash");
        new GuildTable(database.jdbi())
                .add(new GuildRow(GUILD, "guild", ANN), new ChannelRow(3, GUILD, "general", 0, null), 0);
        return database;
    }
}
