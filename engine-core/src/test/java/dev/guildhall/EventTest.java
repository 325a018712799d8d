package dev.guildhall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.spi.Encoding;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventTest {

    @Test
    void isEncodedOnceForAllRecipientsAndGuilds() {
        AtomicInteger encoded = new AtomicInteger();
        Encoding<Object> encoding = event -> {
            encoded.incrementAndGet();
            return new Object();
        };
        List<Object> forms = new CopyOnWriteArrayList<>();
        try (Engine engine = Engine.builder().lanes(1).open()) {
            for (String id : List.of("a", "b")) {
                for (int i = 0; i < 5; i++) {
                    engine.openSession(
                                    "s",
                                    SessionOptions.DEFAULT.withInline(),
                                    event -> forms.add(event.encoded(encoding)))
                            .subscribe(engine.guild(id));
                }
            }
            Event event = Event.of("E", "shared");
            engine.guild("a").publish(event);
            engine.guild("b").publish(event.needing(0b1));
        }
        assertThat(encoded).hasValue(1);
        assertThat(forms).hasSize(10).containsOnly(forms.getFirst());
    }

    @Test
    void twoEncodingsAreKeptApart() {
        Event event = Event.of("E", "x");
        Encoding<String> first = e -> "first " + e.text();
        Encoding<String> second = e -> "second " + e.text();
        assertThat(event.encoded(first)).isEqualTo("first x").isSameAs(event.encoded(first));
        assertThat(event.encoded(second)).isEqualTo("second x").isSameAs(event.encoded(second));
    }

    @Test
    void theSamePayloadArrayReachesEveryRecipient() {
        byte[] payload = {1, 2, 3};
        List<Byte> seen = new CopyOnWriteArrayList<>();
        Event event = Event.of("E", payload);
        try (Engine engine = Engine.builder().lanes(1).open()) {
            Guild guild = engine.guild("g");
            for (int i = 0; i < 3; i++) {
                engine.openSession("s", SessionOptions.DEFAULT.withInline(), received -> {
                            seen.add(received.payload().get(0));
                            payload[0]++; // breaks the contract on purpose: a copy would not show it
                        })
                        .subscribe(guild);
            }
            guild.publish(event);
        }
        assertThat(seen).containsExactly((byte) 1, (byte) 2, (byte) 3);
    }
}
