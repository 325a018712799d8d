package dev.guildhall.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import dev.guildhall.CloseReason;
import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.transport.netty.Authentication;
import dev.guildhall.transport.netty.EventStreamOptions;
import dev.guildhall.transport.netty.GatewayCompression;
import dev.guildhall.transport.netty.GatewayCompression.Mode;
import dev.guildhall.transport.netty.GatewayListener;
import dev.guildhall.transport.netty.GatewaySession;
import dev.guildhall.transport.netty.NettyTransport;
import dev.guildhall.transport.netty.NettyTransportBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * A page in a real browser as the gateway's client, with nothing but what browsers have: EventSource, fetch, WebSocket with permessage-deflate, and
 * DecompressionStream. It comes from another port than the gateway's, as the chat's page does.
 */
@Timeout(120)
class GatewayInChromiumTest {
    private static final int POST = 100;
    private static final int[] SIZES = {2, 10, 100, 255, 256, 300, 4096, 65_536, 200_000, 20};
    private static final Duration RETRY = Duration.ofMillis(200);

    static Chromium chromium;

    @BeforeAll
    static void startBrowser() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void stopBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    /** A gateway, and a page of another port that has connected to nothing yet. */
    private static final class Site implements AutoCloseable {
        private final BlockingQueue<GatewaySession> ready = new LinkedBlockingQueue<>();
        private final NettyTransport transport;
        private final Engine engine;
        private final HttpServer pages;
        private final BrowserContext context;
        private final Page page;

        Site(UnaryOperator<NettyTransportBuilder> change) throws IOException {
            transport = change.apply(NettyTransport.builder()
                            .port(0)
                            .authenticator(identify -> Authentication.accepted(
                                    identify.token(), JsonMapper.shared().createObjectNode()))
                            .listener(new GatewayListener() {
                                @Override
                                public void onReady(GatewaySession session) {
                                    session.session().subscribe(hall());
                                    ready.add(session);
                                }
                            })
                            .opcode(POST, (session, data) -> hall().publish(Event.of("POSTED", data.toString()))))
                    .build();
            engine = Engine.builder().transport(transport).open();
            byte[] html = Files.readAllBytes(Path.of("src", "test", "resources", "browser", "gateway.html"));
            pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            pages.createContext("/", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                exchange.sendResponseHeaders(200, html.length);
                exchange.getResponseBody().write(html);
                exchange.close();
            });
            pages.start();
            context = chromium.browser().newContext();
            page = context.newPage();
            page.navigate("http://127.0.0.1:" + pages.getAddress().getPort() + "/");
        }

        Guild hall() {
            return engine.guild("hall");
        }

        /** Publishes, and waits until it has reached the sessions: what comes after a RESUMED is not defined otherwise. */
        void publish(String payload) {
            hall().publishCounted(Event.of("E", payload))
                    .deliveries()
                    .toCompletableFuture()
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
        }

        GatewaySession nextReady() throws InterruptedException {
            GatewaySession session = ready.poll(20, TimeUnit.SECONDS);
            assertThat(session).as("onReady").isNotNull();
            return session;
        }

        String events(String rest) {
            return "http://127.0.0.1:" + transport.address().getPort() + "/gateway/events" + rest;
        }

        Object run(String script, Object... arguments) {
            return page.evaluate(script, List.of(arguments));
        }

        /** What has come, when there is as much as this. */
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> messages(int count) {
            page.waitForFunction("count => messages.length >= count", count);
            return (List<Map<String, Object>>) page.evaluate("() => messages");
        }

        List<Object> types(int count) {
            return messages(count).stream().map(message -> message.get("t")).toList();
        }

        /** Waits for these dispatches and absences, and no other ones. */
        void awaitTypes(String... types) {
            page.waitForFunction(
                    "types => JSON.stringify(messages.map(m => m.t).filter(t => t)) === JSON.stringify(types)",
                    List.of(types));
        }

        @Override
        public void close() {
            context.close();
            pages.stop(0);
            engine.close();
        }
    }

    // --- server-sent events

    @Test
    void anEventSourceComesBackByItselfAndLosesNothing() throws Exception {
        EventStreamOptions options =
                EventStreamOptions.ON.withTokenInQuery(true).withRetry(RETRY);
        try (Site site = new Site(b -> b.eventStreams(options))) {
            site.run("([url]) => eventSource(url)", site.events("?intents=0&token=ann"));
            GatewaySession session = site.nextReady();
            site.hall().publish(Event.of("E", "\"h\u00e9\\n\""));
            assertThat(site.types(3)).containsExactly("HELLO", "READY", "E");
            assertThat(site.messages(3).get(2))
                    .containsEntry("d", "h\u00e9\n")
                    .containsEntry("id", session.session().id() + ".0000000002");

            session.reconnect();
            site.messages(4);
            site.hall().publish(Event.of("F", "1"));
            assertThat(site.types(7))
                    .startsWith("HELLO", "READY", "E", "RECONNECT", "HELLO")
                    .contains("F", "RESUMED")
                    .hasSize(7);
            assertThat(site.messages(7).get(6)).containsEntry("s", 4);

            site.transport.invalidateTokens("ann");
            assertThat(site.messages(8).get(7)).containsEntry("t", "CLOSE").containsEntry("code", 4004);
        }
    }

    @Test
    void aPageWithoutATokenInItsUrlReadsWithFetchAndSendsWithPost() throws Exception {
        try (Site site = new Site(b -> b.eventStreams(EventStreamOptions.ON))) {
            site.run("([url, token]) => { fetched(url, token); }", site.events("?intents=0"), "ann");
            String commands = site.events("/" + site.nextReady().session().id());
            String script = "([url, token]) => post(url, token, { op: 100, d: { text: 'from a page' } })";
            assertThat(site.run(script, commands, "ann")).isEqualTo(202);
            assertThat(site.messages(2).get(1))
                    .containsEntry("t", "POSTED")
                    .containsEntry("d", Map.of("text", "from a page"));
            assertThat(site.run(script, commands, "eve")).isEqualTo(404);
            site.engine.drain();
            assertThat(site.types(3)).containsExactly("READY", "POSTED", "END");
        }
    }

    // --- compression

    @ParameterizedTest
    @EnumSource(Mode.class)
    void permessageDeflate(Mode mode) throws Exception {
        try (Site site = new Site(b -> b.compression(GatewayCompression.DEFAULT.withPerMessageDeflate(mode)))) {
            String extensions = (String) site.run(
                    "([url, token]) => socket(url, token)", site.transport.url().toString(), "ann");
            assertThat(extensions.startsWith("permessage-deflate")).isEqualTo(mode != Mode.OFF);
            assertThat(extensions.contains("server_no_context_takeover")).isEqualTo(mode == Mode.SHARED);
            assertEverythingArrives(site);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "PER_CONNECTION"})
    void zlibStream(Mode mode) throws Exception {
        try (Site site = new Site(b -> b.compression(GatewayCompression.DEFAULT.withStreams(mode, false)))) {
            site.run("([url, token]) => socket(url, token)", site.transport.url() + "?compress=zlib-stream", "ann");
            assertEverythingArrives(site);
        }
    }

    // --- coming back

    @ParameterizedTest
    @ValueSource(strings = {"?v=10", "?compress=zlib-stream"})
    void aPageThatIsSentAwayOrCutComesBackAndLosesNothing(String query) throws Exception {
        try (Site site = new Site(b -> b);
                Link link = new Link(site.transport.address().getPort())) {
            site.run(
                    "([url, token]) => persistent(url, token)",
                    "ws://127.0.0.1:" + link.port() + "/gateway" + query,
                    "ann");
            GatewaySession session = site.nextReady();
            site.publish("1");
            site.awaitTypes("READY", "E");

            session.reconnect();
            site.awaitTypes("READY", "E", "AWAY");
            site.publish("2");
            site.awaitTypes("READY", "E", "AWAY", "E", "RESUMED");

            link.cut();
            site.awaitTypes("READY", "E", "AWAY", "E", "RESUMED", "AWAY");
            site.publish("3");
            site.awaitTypes("READY", "E", "AWAY", "E", "RESUMED", "AWAY", "E", "RESUMED");

            link.cut();
            session.session().close(CloseReason.REQUESTED); // so there is nothing to come back to
            site.nextReady();
            site.publish("4");
            site.awaitTypes("READY", "E", "AWAY", "E", "RESUMED", "AWAY", "E", "RESUMED", "AWAY", "READY", "E");
            assertThat(site.messages(1)).extracting(message -> message.get("d")).contains(1, 2, 3, 4, false);
        }
    }

    /** A wire between the page and the gateway, which can be cut. */
    private static final class Link implements AutoCloseable {
        private final ServerSocket ends = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
        private final int gateway;

        Link(int gateway) throws IOException {
            this.gateway = gateway;
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return ends.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket page = ends.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), gateway);
                    open.add(page);
                    open.add(server);
                    Thread.ofVirtual().start(() -> pass(page, server));
                    Thread.ofVirtual().start(() -> pass(server, page));
                }
            } catch (IOException e) {
                // closed
            }
        }

        private static void pass(Socket from, Socket to) {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // cut
            }
        }

        void cut() throws IOException {
            for (Socket next = open.poll(); next != null; next = open.poll()) {
                next.close();
            }
        }

        @Override
        public void close() throws IOException {
            ends.close();
            cut();
        }
    }

    private static void assertEverythingArrives(Site site) throws Exception {
        site.nextReady();
        for (int size : SIZES) {
            site.hall().publish(Event.of("E", payload(size)));
        }
        List<Map<String, Object>> all = site.messages(2 + SIZES.length);
        assertThat(all.get(0)).containsEntry("op", 10);
        assertThat(all.get(1)).containsEntry("t", "READY");
        for (int i = 0; i < SIZES.length; i++) {
            assertThat(all.get(2 + i)).containsEntry("s", 2 + i).containsEntry("d", textOf(SIZES[i]));
        }
        site.page.evaluate("() => client.send(JSON.stringify({ op: 100, d: 'x'.repeat(3000) }))");
        assertThat(site.messages(3 + SIZES.length).getLast()).containsEntry("d", "x".repeat(3000));
        site.page.evaluate("() => client.close(1000)");
        assertThat(site.messages(4 + SIZES.length).getLast())
                .containsEntry("t", "CLOSED")
                .containsEntry("d", 1000);
    }

    private static String payload(int size) {
        return '"' + textOf(size) + '"';
    }

    private static String textOf(int size) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < size - 2; i++) {
            text.append("word").append(i * 37 % 1009).append(' ');
        }
        return text.substring(0, size - 2);
    }
}
