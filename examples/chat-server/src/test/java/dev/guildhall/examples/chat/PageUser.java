package dev.guildhall.examples.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody in front of the page: does what a person does, and waits as long as a patient person would. */
final class PageUser {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final BrowserContext context;
    private final Page page;
    private final List<String> problems = new CopyOnWriteArrayList<>();

    PageUser(Browser browser, URI url, ColorScheme colors, int width, int height) {
        context = browser.newContext(new Browser.NewContextOptions()
                .setColorScheme(colors)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setViewportSize(width, height));
        page = context.newPage();
        page.onPageError(problems::add);
        page.navigate(url.toString());
    }

    void register(String name) {
        find("username").fill(name);
        find("password").fill("a long password");
        find("register").click();
        awaitConnection("connected");
    }

    void logOut() {
        find("self").click();
        find("logout").click();
        assertThat(find("username")).isVisible();
    }

    /** The token that the page remembers. */
    String token() {
        return (String) page.evaluate("JSON.parse(localStorage.getItem('guildhall.session')).token");
    }

    /** Keeps the next message from the server until it is released. */
    Runnable holdFirstMessage() {
        List<Route> held = new CopyOnWriteArrayList<>();
        page.route("**/messages", route -> {
            if (!route.request().method().equals("POST") || !held.isEmpty()) {
                route.resume();
            } else {
                held.add(route);
            }
        });
        return () -> held.getFirst().resume();
    }

    void createGuild(String name) {
        find("create-guild").click();
        find("guild-name").fill(name);
        find("guild-create-submit").click();
        assertThat(find("composer")).isVisible();
    }

    String inviteCode() {
        find("invite").click();
        Locator code = find("invite-code-value");
        assertThat(code).not().isEmpty();
        String text = code.textContent().strip();
        page.keyboard().press("Escape");
        assertThat(code).isHidden();
        return text;
    }

    void join(String code) {
        find("join-guild").click();
        find("invite-code").fill(code);
        find("join-submit").click();
        assertThat(find("composer")).isVisible();
    }

    /** Opens the drawer that a narrow page keeps guilds and channels in. */
    void openNavigation() {
        find("open-nav").click();
    }

    void type(String text) {
        find("composer").pressSequentially(text);
    }

    void say(String text) {
        find("composer").fill(text);
        find("composer").press("Enter");
        awaitMessage(text);
    }

    void awaitMessage(String text) {
        assertThat(find("message-content").filter(new Locator.FilterOptions().setHasText(text)))
                .isVisible();
    }

    /** The messages shown, by their content. */
    List<String> messages() {
        return find("message-content").allTextContents();
    }

    void awaitTyping(String name) {
        assertThat(find("typing")).containsText(name);
    }

    void awaitMember(String name, String status) {
        Locator member = page.locator("[data-testid=member][data-status=" + status + "]")
                .filter(new Locator.FilterOptions().setHasText(name));
        assertThat(member).isVisible();
    }

    void awaitConnection(String state) {
        assertThat(page.locator("[data-testid=connection][data-state=" + state + "]"))
                .isAttached();
    }

    void awaitReconnectingBanner() {
        assertThat(find("reconnecting")).isVisible();
    }

    void screenshot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    /** Script errors on the page since it was opened. */
    List<String> problems() {
        return problems;
    }

    /** Closes the page, as somebody who goes. */
    void leave() {
        context.close();
    }

    private Locator find(String testId) {
        return page.getByTestId(testId);
    }
}
