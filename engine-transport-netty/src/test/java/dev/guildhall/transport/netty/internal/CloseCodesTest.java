package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.CloseReason;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloseCodesTest {

    @ParameterizedTest
    @CsvSource({
        "REQUESTED, 1000",
        "CLIENT_LEFT, 1000",
        "ENGINE_CLOSED, 1001",
        "SLOW_CONSUMER, 4000",
        "CONNECTION_LOST, 4000",
        "PROTOCOL_ERROR, 4002",
        "TIMED_OUT, 4009"
    })
    void everyKindHasItsCode(CloseReason.Kind kind, int code) {
        assertThat(CloseCodes.of(kind)).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"1000, CLIENT_LEFT", "1001, CLIENT_LEFT", "-1, CONNECTION_LOST", "4000, CONNECTION_LOST"})
    void onlyAGoodbyeIsALeave(int code, CloseReason.Kind kind) {
        assertThat(CloseCodes.reasonOfClient(code).kind()).isEqualTo(kind);
    }

    @Test
    void reasonsAreCutAtAWholeCharacter() {
        assertThat(reasonIn("short")).isEqualTo("short");
        assertThat(reasonIn("x".repeat(200))).isEqualTo("x".repeat(123));
        String cut = reasonIn("€".repeat(50));
        assertThat(cut).isEqualTo("€".repeat(41));
        assertThat(cut.getBytes(StandardCharsets.UTF_8)).hasSize(123);
        assertThat(reasonIn("x".repeat(121) + "😀")).isEqualTo("x".repeat(121));
    }

    /** What a close frame says of a reason. */
    private static String reasonIn(String text) {
        ServerFrames.Frame close =
                ServerFrames.parse(CloseCodes.frame(4002, text)).getFirst();
        assertThat(close.closeCode()).isEqualTo(4002);
        return new String(close.payload(), 2, close.payload().length - 2, StandardCharsets.UTF_8);
    }
}
