package dev.guildhall.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is counted for {@code bench memory} is there, as often as it should be, and the classes are read as the JVM prints them. */
@Timeout(60)
class MemoryTest {
    private static final int COUNT = 200;

    @ParameterizedTest
    @EnumSource
    void holdsAsManyAsItWasOpenedFor(Memory memory) {
        try (Hoard hoard = memory.open(COUNT)) {
            ClassHistogram before = ClassHistogram.take();
            hoard.fill();
            ClassHistogram after = ClassHistogram.take();
            String counted = switch (memory) {
                case GUILD, GUILD_WITH_HANDLER -> "dev.guildhall.internal.LocalGuild";
                case SUBSCRIPTION -> "dev.guildhall.internal.LocalSubscription";
                default -> "dev.guildhall.internal.LocalSession";
            };
            assertThat(after.growthSince(before)).anySatisfy(row -> {
                assertThat(row.name()).isEqualTo(counted);
                assertThat(row.count().instances()).isEqualTo(COUNT);
            });
        }
    }

    @Test
    void readsWhatTheJvmPrints() {
        ClassHistogram histogram = ClassHistogram.parse("""
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:          3000         288000  a.B
                   2:            10            160  [Ljava.lang.Object; (java.base@25)
                   3:             1             16  a.B (app)
                Total          3011         288176
                """);
        assertThat(histogram.classes())
                .containsOnlyKeys("a.B", "[Ljava.lang.Object;")
                .containsEntry("a.B", new ClassHistogram.Count(3001, 288016));
        ClassHistogram before = ClassHistogram.parse("   1:  1  16  a.B");
        assertThat(histogram.growthSince(before))
                .containsExactly(
                        new ClassHistogram.Row("a.B", new ClassHistogram.Count(3000, 288000)),
                        new ClassHistogram.Row("[Ljava.lang.Object;", new ClassHistogram.Count(10, 160)));
    }
}
