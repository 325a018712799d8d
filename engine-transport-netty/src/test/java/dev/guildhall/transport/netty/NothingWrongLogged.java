package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which something was logged at ERROR, or at WARN too if it is {@link Strict}. A client's mistake
 * never is; a buffer that was not released is, by Netty's leak detector, when a later allocation finds that the collector took
 * it.
 */
public class NothingWrongLogged implements BeforeAllCallback, AfterAllCallback {
    private final String[] forbidden;
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final PrintStream before = System.err;

    public NothingWrongLogged() {
        this("ERROR", "LEAK");
    }

    private NothingWrongLogged(String... forbidden) {
        this.forbidden = forbidden;
    }

    /** For classes whose application code never fails: what clients do is not even a warning. */
    public static final class Strict extends NothingWrongLogged {
        public Strict() {
            super("ERROR", "LEAK", " WARN ");
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        System.setErr(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        seen.write(b);
                        before.write(b);
                    }
                },
                true,
                StandardCharsets.UTF_8));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        for (int i = 0; i < 3; i++) {
            System.gc();
            for (int j = 0; j < 100; j++) {
                ByteBufAllocator.DEFAULT.ioBuffer(64).release();
            }
        }
        System.setErr(before);
        assertThat(seen.toString(StandardCharsets.UTF_8)).doesNotContain(forbidden);
    }
}
