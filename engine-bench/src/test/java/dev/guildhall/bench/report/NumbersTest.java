package dev.guildhall.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Numbers as tables show them. */
class NumbersTest {
    @Test
    void haveThreeDigitsThatCount() {
        assertThat(Numbers.text(0.010654)).isEqualTo("0.0107");
        assertThat(Numbers.text(1.0029)).isEqualTo("1.00");
        assertThat(Numbers.text(38.8663)).isEqualTo("38.9");
        assertThat(Numbers.text(329.4)).isEqualTo("329");
        assertThat(Numbers.text(999.9)).isEqualTo("1000");
        assertThat(Numbers.text(15_414_816.7)).isEqualTo("15,414,817");
        assertThat(Numbers.text(-0.2346)).isEqualTo("-0.235");
        assertThat(Numbers.text(1.3)).isEqualTo("1.3");
        assertThat(Numbers.text(0)).isEqualTo("0");
        assertThat(Numbers.text(12)).isEqualTo("12");
        assertThat(Numbers.gibibytes(3L << 29)).isEqualTo("1.5");
    }

    @Test
    void areShortOnAxes() {
        assertThat(Axes.label(0.5)).isEqualTo("0.5");
        assertThat(Axes.label(20)).isEqualTo("20");
        assertThat(Axes.label(10_000)).isEqualTo("10k");
        assertThat(Axes.label(2_500_000)).isEqualTo("2.5M");
        assertThat(Axes.label(1e9)).isEqualTo("1G");
    }
}
