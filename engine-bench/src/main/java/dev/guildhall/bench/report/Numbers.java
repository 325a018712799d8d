package dev.guildhall.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Numbers for people: three digits that count, thousands in groups. */
public final class Numbers {
    private static final MathContext THREE_DIGITS = new MathContext(3);

    private Numbers() {}

    /** Such as 15,414,817. */
    public static String grouped(long number) {
        return new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(number);
    }

    /** Such as 0.0107, 1.22, 38.9, 329, and 15,414,817; from a thousand on in full. */
    public static String text(double number) {
        if (Math.abs(number) >= 1_000) {
            return grouped(Math.round(number));
        }
        if (number == Math.rint(number)) {
            return Long.toString((long) number);
        }
        return BigDecimal.valueOf(number).round(THREE_DIGITS).toPlainString();
    }

    /** Of bytes of memory, in GiB. */
    public static String gibibytes(long bytes) {
        return text(bytes / (double) (1L << 30));
    }
}
