package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails each test during which the engine logged at ERROR, which is how a lane says that something was thrown on it. In force
 * for all tests here and in the test kit, by {@code META-INF/services} and {@code junit-platform.properties}.
 */
public final class NothingWrongLogged implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final String ERROR = "] ERROR dev.guildhall.";
    private static final Errors ERRORS = new Errors();

    /** Made by JUnit. */
    public NothingWrongLogged() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        ERRORS.watch();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        check();
    }

    /** For what a thread still logged after the last test. */
    @Override
    public void afterAll(ExtensionContext context) {
        check();
    }

    /** Fails if there was something since the last check. */
    static void check() {
        assertThat(ERRORS.take()).as("logged at ERROR").isEmpty();
    }

    /** The lines of the standard error stream that say so. Any thread writes; a logger writes a line at once. */
    private static final class Errors extends OutputStream {
        private final List<String> errors = new ArrayList<>();
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private PrintStream before = System.err;
        private PrintStream watching = System.err;

        synchronized void watch() {
            if (System.err != watching || watching == before) {
                before = System.err;
                watching = new PrintStream(this, true, StandardCharsets.UTF_8);
                System.setErr(watching);
            }
        }

        synchronized List<String> take() {
            List<String> taken = List.copyOf(errors);
            errors.clear();
            return taken;
        }

        @Override
        public synchronized void write(int b) {
            before.write(b);
            read(b);
        }

        /** Hands on everything at once: each write may be a message to another process. */
        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            before.write(bytes, from, length);
            for (int i = from; i < from + length; i++) {
                read(bytes[i]);
            }
        }

        private void read(int b) {
            if (b != '\n') {
                line.write(b);
                return;
            }
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            if (text.contains(ERROR)) {
                errors.add(text);
            }
        }
    }
}
