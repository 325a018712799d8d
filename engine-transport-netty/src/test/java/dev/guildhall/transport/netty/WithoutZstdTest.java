package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The gateway on a class path without zstd-jni. */
class WithoutZstdTest {

    @Test
    void whoAsksForZstdIsRefusedAndTheRestWorks() throws Exception {
        List<URL> path = new ArrayList<>();
        for (String entry : classPath().split(File.pathSeparator, -1)) {
            if (!entry.contains("zstd-jni")) {
                path.add(url(entry));
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Callable<?> inside = (Callable<?>) loader.loadClass(Inside.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(inside.call())
                    .isEqualTo("{\"message\":\"400: compress must be zlib-stream, once or absent, was zstd-stream\","
                            + "\"code\":0}");
        }
    }

    /** Surefire has a jar of its own on the class path, which names the others. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static URL url(String entry) throws MalformedURLException {
        return Path.of(entry).toUri().toURL();
    }

    /** Runs with classes of its own. */
    public static final class Inside implements Callable<String> {

        /** For the other class loader. */
        public Inside() {}

        @Override
        public String call() throws Exception {
            try {
                Class.forName("com.github.luben.zstd.Zstd");
                throw new IllegalStateException("zstd-jni is there");
            } catch (ClassNotFoundException e) {
                return refusal();
            }
        }

        private static String refusal() throws Exception {
            try (TestGateway gateway = TestGateway.open(b -> b.io(IoMode.NIO));
                    RawClient refused = new RawClient(gateway.port());
                    RawClient client = new RawClient(gateway.port())) {
                refused.http(CompressedClient.request("?compress=zstd-stream", null));
                String body = refused.readToCut();
                if (!client.http(CompressedClient.request("?compress=zlib-stream", null))
                        .startsWith("HTTP/1.1 101 ")) {
                    throw new IllegalStateException("zlib-stream was refused");
                }
                return body;
            }
        }
    }
}
