package dev.guildhall.examples.chat.gateway;

import dev.guildhall.Activity;
import dev.guildhall.CloseReason;
import dev.guildhall.Session;
import dev.guildhall.examples.chat.account.Accounts;
import dev.guildhall.examples.chat.api.Intents;
import dev.guildhall.examples.chat.api.Shapes;
import dev.guildhall.examples.chat.community.Communities;
import dev.guildhall.examples.chat.community.Guilds;
import dev.guildhall.examples.chat.store.UserRow;
import dev.guildhall.transport.netty.Authentication;
import dev.guildhall.transport.netty.Authenticator;
import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.GatewayException;
import dev.guildhall.transport.netty.GatewayListener;
import dev.guildhall.transport.netty.GatewaySession;
import dev.guildhall.transport.netty.Identify;
import dev.guildhall.transport.netty.Resume;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Who may identify, and what a session gets when it has. The gateway calls it from many threads, for one session one at a
 * time; it may block.
 */
public final class ChatGateway implements Authenticator, GatewayListener {
    private final Accounts accounts;
    private final Communities communities;
    private final Guilds guilds;
    private final TokenSessions byToken = new TokenSessions();

    public ChatGateway(Accounts accounts, Communities communities, Guilds guilds) {
        this.accounts = accounts;
        this.communities = communities;
        this.guilds = guilds;
    }

    @Override
    public Authentication authenticate(Identify identify) {
        if ((identify.intents() & ~Intents.KNOWN) != 0) {
            throw new GatewayException(GatewayCloseCode.INVALID_INTENTS, "Invalid intents");
        }
        StatusUpdate.ofIdentify(identify.data());
        Optional<UserRow> user = accounts.findByToken(identify.token());
        if (user.isEmpty()) {
            return Authentication.refused("Authentication failed");
        }
        return Authentication.accepted(
                Long.toString(user.get().id()), Shapes.ready(user.get(), communities.guildsOf(user.get())));
    }

    /** A token that was logged out gives no session back. */
    @Override
    public boolean mayResume(GatewaySession session, Resume resume) {
        return accounts.findByToken(resume.token())
                .filter(user -> Long.toString(user.id()).equals(session.user()))
                .isPresent();
    }

    @Override
    public void onReady(GatewaySession session) {
        byToken.add(session);
        if (accounts.findByToken(session.identify().token()).isEmpty()) {
            TokenSessions.end(session);
            return;
        }
        Session live = session.session();
        live.setPresence(StatusUpdate.ofIdentify(session.identify().data()), Activity.NONE);
        guilds.enterAll(live, session.identify().intents());
    }

    /** Ends the live sessions that identified with a token which has just been removed. */
    public void loggedOut(String token) {
        byToken.end(token);
    }

    /** Opcode 3: the client says how present its user is. */
    public void onStatus(GatewaySession session, JsonNode data) {
        session.session().setPresence(StatusUpdate.of(data), Activity.NONE);
    }

    @Override
    public void onClose(GatewaySession session, CloseReason reason) {
        byToken.remove(session);
    }
}
