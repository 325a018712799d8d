package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Outcome;
import dev.guildhall.PublishOptions;
import dev.guildhall.Receipt;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdempotencyKeysTest {
    private final HandClock clock = new HandClock();
    private final IdempotencyKeys keys = new IdempotencyKeys(clock);

    private static Receipt receipt(long offset) {
        return new Receipt(Outcome.ORDERED, 0, offset);
    }

    @Test
    void remembersTheReceiptForFiveMinutes() {
        keys.add("a", receipt(7));
        assertThat(keys.find("b")).isNull();
        clock.advance(Duration.ofMinutes(5).minusNanos(1));
        assertThat(keys.find("a")).isEqualTo(receipt(7));
        clock.advance(Duration.ofNanos(1));
        assertThat(keys.find("a")).isNull();
    }

    @Test
    void forgetsTheOldestWhenThereAreTooMany() {
        for (int i = 0; i < PublishOptions.KEYS; i++) {
            keys.add("key " + i, receipt(i));
        }
        assertThat(keys.find("key 0")).isEqualTo(receipt(0));
        keys.add("one more", receipt(-1));
        assertThat(keys.find("key 0")).isNull();
        assertThat(keys.find("key 1")).isEqualTo(receipt(1));
        assertThat(keys.find("one more")).isEqualTo(receipt(-1));
    }

    @Test
    void forgetsWhatIsOldAndNothingElse() {
        keys.add("old", receipt(1));
        clock.advance(Duration.ofMinutes(3));
        keys.add("young", receipt(2));
        clock.advance(Duration.ofMinutes(2));
        assertThat(keys.find("old")).isNull();
        assertThat(keys.find("young")).isEqualTo(receipt(2));
    }
}
