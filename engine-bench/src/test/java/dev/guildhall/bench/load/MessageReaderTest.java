package dev.guildhall.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.bench.load.MessageReader.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

/** The same of a message, in whichever order its members are. */
class MessageReaderTest {
    private static final Stamp STAMP = new Stamp("@run:", Stamp.Clock.MONOTONIC, Stamp.Unit.NANOS);

    private static MessageReader read(@Nullable String type, String message) {
        MessageReader reader = new MessageReader(STAMP, type);
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 40);
        // What an earlier, longer message left behind.
        byte[] left = ",\"d\":\"@run:99\"}".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(left, 0, longer, bytes.length, left.length);
        reader.read(longer, bytes.length);
        return reader;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"s\":        17,\"op\":0,\"t\":\"LOAD\",\"d\":{\"at\":\"@run:1234567890123456789 x\"}}",
                "{\"t\":\"LOAD\",\"s\":17,\"op\":0,\"d\":{\"op\":3,\"at\":\"@run:1234567890123456789\"}}",
                "{ \"op\" : 0, \"d\":[{\"s\":4}, \"@run:1234567890123456789\"], \"s\":17, \"t\":\"LOAD\" }",
                "{\"s\":17,\"op\":0,\"t\":\"LOAD\",\"d\":\"@ @run @run:1234567890123456789\"}"
            })
    void findsNumberTypeAndTime(String message) {
        MessageReader reader = read("LOAD", message);
        assertThat(reader.op()).isEqualTo(MessageReader.DISPATCH);
        assertThat(reader.kind()).isEqualTo(Kind.EVENT);
        assertThat(reader.number()).isEqualTo(17);
        assertThat(reader.time()).isEqualTo(1234567890123456789L);
        assertThat(read(null, message).time()).isEqualTo(1234567890123456789L);
        assertThat(read("OTHER", message).time()).isEqualTo(Stamp.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"s\":         1,\"op\":0,\"t\":\"%s\",\"d\":{\"at\":\"@run:5\"}}",
                "{\"op\":0,\"d\":{\"at\":\"@run:5\"},\"t\":\"%s\",\"s\":1}"
            })
    void knowsTheDispatchesOfTheProtocol(String message) {
        assertThat(read(null, message.formatted("READY")).kind()).isEqualTo(Kind.READY);
        assertThat(read(null, message.formatted("RESUMED")).kind()).isEqualTo(Kind.RESUMED);
        assertThat(read(null, message.formatted("READYS")).kind()).isEqualTo(Kind.EVENT);
        assertThat(read(null, message.formatted("READY")).time()).isEqualTo(Stamp.NONE);
    }

    @Test
    void othersHaveAnOpcodeOnly() {
        MessageReader hello = read(null, "{\"op\":10,\"d\":{\"heartbeat_interval\":41250},\"s\":null,\"t\":null}");
        assertThat(hello.op()).isEqualTo(10);
        assertThat(hello.kind()).isEqualTo(Kind.NO_DISPATCH);
        assertThat(hello.number()).isEqualTo(MessageReader.NO_NUMBER);
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> read(null, "{\"op\":")).isInstanceOf(JacksonException.class);
    }

    @Test
    void aTimeIsFoundAsItWasWritten() {
        long now = System.nanoTime();
        for (Stamp.Clock clock : Stamp.Clock.values()) {
            for (Stamp.Unit unit : Stamp.Unit.values()) {
                Stamp stamp = new Stamp("\"at\":", clock, unit);
                byte[] message = ("{\"at\":" + stamp.digits(now) + "}").getBytes(StandardCharsets.UTF_8);
                assertThat(stamp.find(message, 0, message.length))
                        .as("%s %s", clock, unit)
                        .isEqualTo(stamp.asRead(now))
                        .isBetween(now - TimeUnit.MILLISECONDS.toNanos(1), now);
            }
        }
    }

    @Test
    void aMarkWithoutDigitsIsNoTime() {
        byte[] message = "@run:x @run:".getBytes(StandardCharsets.UTF_8);
        assertThat(STAMP.find(message, 0, message.length)).isEqualTo(Stamp.NONE);
        assertThat(STAMP.find(message, 7, message.length)).isEqualTo(Stamp.NONE);
    }
}
