package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The gateway on a class path without jackson-dataformat-cbor. */
class WithoutCborTest {

    @Test
    void whoAsksForCborIsRefusedAndTheRestWorks() throws Exception {
        assertThat(ClassPathWithout.call(
                        "jackson-dataformat-cbor", "tools.jackson.dataformat.cbor.CBORMapper", Inside.class))
                .isEqualTo("4002 this gateway speaks encoding json");
    }

    /** Runs with classes of its own. */
    public static final class Inside implements Callable<String> {

        /** For the other class loader. */
        public Inside() {}

        @Override
        public String call() throws Exception {
            try (TestGateway gateway = TestGateway.open(b -> b.io(IoMode.NIO));
                    RawClient refused = new RawClient(gateway.port());
                    TestClient client = gateway.join("ann")) {
                refused.http(CompressedClient.request("?encoding=cbor", null));
                byte[] close = refused.readToClose().payload();
                if (!client.isOpen()) {
                    throw new IllegalStateException("json was refused");
                }
                int code = (close[0] & 0xFF) << 8 | (close[1] & 0xFF);
                return code + " " + new String(close, 2, close.length - 2, StandardCharsets.UTF_8);
            }
        }
    }
}
