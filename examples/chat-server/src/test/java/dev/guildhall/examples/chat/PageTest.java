package dev.guildhall.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two people chat in two pages of a real browser, and go on after the server was restarted. */
@Timeout(240)
class PageTest {
    private static final int PATIENCE_MILLIS = 30_000;

    static Chromium chromium;

    @TempDir
    Path folder;

    ChatServer server;

    @BeforeAll
    static void startBrowser() {
        chromium = Chromium.start();
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    }

    @AfterAll
    static void stopBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        server = ChatServer.open(ChatOptions.anyPort(folder));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void twoPeopleChatAndTheServerRestarts() throws IOException {
        PageUser ann = open(ColorScheme.LIGHT, 1280, 800);
        PageUser bob = open(ColorScheme.DARK, 1280, 800);
        ann.register("ann");
        ann.createGuild("Garden club");
        String code = ann.inviteCode();
        bob.register("bob");
        bob.join(code);

        ann.awaitMember("bob", "online");
        bob.awaitMember("ann", "online");
        bob.type("Has anybody");
        ann.awaitTyping("bob");
        bob.say("Has anybody seen the watering can?");
        ann.awaitMessage("Has anybody seen the watering can?");
        ann.say("<b>It is</b> behind the shed \uD83C\uDF3B");
        bob.awaitMessage("<b>It is</b> behind the shed \uD83C\uDF3B");
        ann.screenshot("desktop-light");
        bob.screenshot("desktop-dark");

        restart(ann, bob);

        ann.awaitMember("bob", "online");
        bob.say("Found it, thank you");
        ann.awaitMessage("Found it, thank you");
        assertThat(ann.messages()).isEqualTo(bob.messages()).hasSize(3);
        assertThat(ann.messages().get(1)).startsWith("<b>It is</b>");

        bob.leave();
        ann.awaitMember("bob", "offline");
        assertThat(ann.problems()).isEmpty();
        assertThat(bob.problems()).isEmpty();
    }

    @Test
    void thePageWorksOnAPhone() {
        ApiClient friend = ApiClient.register(server, "friend");
        String channel = friend.firstChannel(friend.createGuild("Pocket guild"));
        friend.say(channel, "Welcome to the small screen");
        PageUser phone = open(ColorScheme.LIGHT, 360, 740);

        phone.register("walker");
        phone.openNavigation();
        phone.join(friend.invite(channel));
        phone.awaitMessage("Welcome to the small screen");
        phone.say("It fits");
        friend.say(channel, "Good to hear");
        phone.awaitMessage("Good to hear");

        phone.screenshot("phone");
        assertThat(phone.problems()).isEmpty();
    }

    @Test
    void whatSomebodyHadNotSentYetIsNotSentByTheNextOne() {
        ApiClient friend = ApiClient.register(server, "friend");
        String channel = friend.firstChannel(friend.createGuild("Shared desk"));
        PageUser page = open(ColorScheme.LIGHT, 1280, 800);
        page.register("first");
        page.join(friend.invite(channel));
        ApiClient first = new ApiClient(server, page.token());
        Runnable release = page.holdFirstMessage();
        page.say("on its way");
        page.say("waits behind it");

        page.logOut();
        page.register("second");
        page.join(friend.invite(channel));
        release.run();
        try (LiveClient friends = LiveClient.connect(server, friend.token())) {
            friends.await("GUILD_CREATE");
            page.say("by the second");
            // The page shows it before the server has it.
            friends.await("MESSAGE_CREATE");
        }
        friend.say(channel, "after all");
        page.awaitMessage("after all");

        assertThat(first.get("/users/@me").status()).isEqualTo(401);
        assertThat(CommunityTest.texts(
                        friend.get("/channels/" + channel + "/messages").body(), "content"))
                .containsExactly("after all", "by the second");
        assertThat(page.messages()).containsExactly("by the second", "after all");
        assertThat(page.problems()).isEmpty();
    }

    private void restart(PageUser ann, PageUser bob) throws IOException {
        int port = server.url().getPort();
        int gatewayPort = server.gatewayUrl().getPort();
        server.close();
        ann.awaitConnection("reconnecting");
        ann.awaitReconnectingBanner();
        bob.awaitConnection("reconnecting");
        ann.screenshot("reconnecting");
        server = ChatServer.open(new ChatOptions(ChatOptions.DEFAULT_HOST, port, gatewayPort, null, folder));
        ann.awaitConnection("connected");
        bob.awaitConnection("connected");
    }

    private PageUser open(ColorScheme colors, int width, int height) {
        return new PageUser(chromium.browser(), server.url(), colors, width, height);
    }
}
