package dev.guildhall.examples.chat.gateway;

import dev.guildhall.CloseReason;
import dev.guildhall.Event;
import dev.guildhall.Outcome;
import dev.guildhall.Session;
import dev.guildhall.examples.chat.api.Json;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.community.Guilds;
import dev.guildhall.examples.chat.store.MemberRow;
import dev.guildhall.examples.chat.store.MemberTable;
import dev.guildhall.transport.netty.GatewaySession;
import dev.guildhall.transport.netty.OpcodeHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Opcode 8: a client asks for members of a guild, by id, by the start of their name, or for all of them. */
public final class MemberRequests implements OpcodeHandler {
    /** Why a session ends that cannot be sent what it must not miss. */
    private static final CloseReason DOES_NOT_READ =
            new CloseReason(CloseReason.Kind.SLOW_CONSUMER, "the client does not read what it is sent");

    private static final int CHUNK = 1_000;
    private static final long RETRY_NANOS = Duration.ofMillis(5).toNanos();
    private static final int RETRIES = 1_000;

    private final MemberTable members;
    private final Guilds guilds;

    public MemberRequests(MemberTable members, Guilds guilds) {
        this.members = members;
        this.guilds = guilds;
    }

    @Override
    public void handle(GatewaySession session, JsonNode data) {
        MemberQuery query = MemberQuery.read(data);
        boolean allowed =
                members.find(query.guildId(), Long.parseLong(session.user())).isPresent();
        List<MemberRow> found = allowed ? find(query) : List.of();
        Set<Long> missing = new HashSet<>(query.userIds());
        found.forEach(member -> missing.remove(member.userId()));
        int chunks = Math.max(1, Math.ceilDiv(found.size(), CHUNK));
        for (int i = 0; i < chunks; i++) {
            List<MemberRow> part = found.subList(i * CHUNK, Math.min(found.size(), (i + 1) * CHUNK));
            ObjectNode chunk = chunk(query, part).put("chunk_index", i).put("chunk_count", chunks);
            if (i == 0) {
                missing.forEach(id -> chunk.withArray("not_found").add(Long.toUnsignedString(id)));
            }
            if (!send(session.session(), Event.of("GUILD_MEMBERS_CHUNK", Json.write(chunk)))) {
                return;
            }
        }
    }

    private ObjectNode chunk(MemberQuery query, List<MemberRow> part) {
        ObjectNode json = Json.object().put("guild_id", Long.toUnsignedString(query.guildId()));
        json.set("members", Json.array(part, Shapes::member));
        json.putArray("not_found");
        if (query.presences()) {
            json.set("presences", Json.array(guilds.presences(part), presence -> presence));
        }
        if (query.nonce() != null) {
            json.put("nonce", query.nonce());
        }
        return json;
    }

    private List<MemberRow> find(MemberQuery query) {
        if (!query.userIds().isEmpty()) {
            return members.among(query.guildId(), query.userIds());
        }
        if (query.limit() > 0) {
            return members.named(query.guildId(), query.prefix(), query.limit());
        }
        List<MemberRow> all = new ArrayList<>();
        long last = 0;
        List<MemberRow> page;
        do {
            page = members.page(query.guildId(), last, CHUNK);
            all.addAll(page);
            last = page.isEmpty() ? last : page.getLast().userId();
        } while (page.size() == CHUNK);
        return all;
    }

    /**
     * Sends and waits, for some seconds at most, while the session's inbox is full. A client that takes nothing for so long
     * loses its session: it is better off connecting anew than missing something without knowing.
     *
     * @return whether the event is on its way
     */
    private static boolean send(Session session, Event event) {
        for (int i = 0; i < RETRIES; i++) {
            Outcome outcome = session.send(event);
            if (outcome != Outcome.BACK_PRESSURED) {
                return outcome.isAccepted();
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        session.close(DOES_NOT_READ);
        return false;
    }
}
