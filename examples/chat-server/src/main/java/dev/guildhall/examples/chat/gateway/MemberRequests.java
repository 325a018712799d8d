package dev.guildhall.examples.chat.gateway;

import dev.guildhall.Event;
import dev.guildhall.examples.chat.api.Json;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.api.Status;
import dev.guildhall.examples.chat.community.LiveSession;
import dev.guildhall.examples.chat.community.Presences;
import dev.guildhall.examples.chat.store.MemberRow;
import dev.guildhall.examples.chat.store.MemberTable;
import dev.guildhall.transport.netty.GatewaySession;
import dev.guildhall.transport.netty.OpcodeHandler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Opcode 8: a client asks for members of a guild, by id, by the start of their name, or for all of them. */
public final class MemberRequests implements OpcodeHandler {
    private static final int CHUNK = 1_000;

    private final MemberTable members;
    private final Presences presences;

    public MemberRequests(MemberTable members, Presences presences) {
        this.members = members;
        this.presences = presences;
    }

    @Override
    public void handle(GatewaySession session, JsonNode data) {
        MemberQuery query = MemberQuery.read(data);
        LiveSession asker = LiveSession.of(session);
        boolean allowed = members.find(query.guildId(), asker.userId()).isPresent();
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
            if (!asker.send(Event.of("GUILD_MEMBERS_CHUNK", Json.write(chunk)))) {
                return;
            }
        }
    }

    private ObjectNode chunk(MemberQuery query, List<MemberRow> part) {
        ObjectNode json = Json.object().put("guild_id", Long.toUnsignedString(query.guildId()));
        json.set("members", Json.array(part, Shapes::member));
        json.putArray("not_found");
        if (query.presences()) {
            json.set(
                    "presences",
                    Json.array(part.stream().filter(this::isPresent).toList(), this::presence));
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

    private boolean isPresent(MemberRow member) {
        return presences.status(member.userId()) != Status.OFFLINE;
    }

    private ObjectNode presence(MemberRow member) {
        return Shapes.presence(member.guildId(), member.userId(), presences.status(member.userId()));
    }
}
