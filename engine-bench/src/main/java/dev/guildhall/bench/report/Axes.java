package dev.guildhall.bench.report;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.Range;

/** The axes of charts. */
final class Axes {
    static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final MathContext THREE_DIGITS = new MathContext(3);
    private static final int MOST_STEPS = 6;

    private Axes() {}

    static ValueAxis logarithmic(String label, double min, double max) {
        LogAxis axis = new Decades(label);
        double margin = Math.pow(max / min, 0.05) * 1.1;
        axis.setRange(min / margin, max * margin);
        axis.setMinorTickMarksVisible(true);
        axis.setMinorTickMarkOutsideLength(2);
        return styled(axis);
    }

    /** From nothing on. */
    static ValueAxis linear(String label, double max) {
        NumberAxis axis = new Steps(label);
        axis.setRange(0, max * 1.08);
        return styled(axis);
    }

    /** From top to bottom. */
    static ValueAxis categories(List<String> names) {
        SymbolAxis axis = new SymbolAxis(null, names.toArray(String[]::new));
        axis.setGridBandsVisible(false);
        axis.setInverted(true);
        axis.setRange(-0.6, names.size() - 0.4);
        styled(axis);
        axis.setAxisLineVisible(false);
        axis.setTickMarksVisible(false);
        axis.setTickLabelInsets(new RectangleInsets(2, 2, 2, 8));
        return axis;
    }

    private static ValueAxis styled(ValueAxis axis) {
        axis.setTickLabelFont(FONT);
        axis.setLabelFont(FONT);
        axis.setTickLabelPaint(Palette.TEXT);
        axis.setLabelPaint(Palette.TEXT);
        axis.setAxisLinePaint(Palette.AXIS);
        axis.setAxisLineStroke(new BasicStroke(1));
        axis.setTickMarkPaint(Palette.AXIS);
        axis.setTickMarkOutsideLength(4);
        axis.setLabelInsets(new RectangleInsets(6, 4, 6, 4));
        return axis;
    }

    /** Such as 0.5, 20, 10k and 2.5M. */
    static String label(double value) {
        if (value >= 1e9) {
            return rounded(value / 1e9) + "G";
        }
        if (value >= 1e6) {
            return rounded(value / 1e6) + "M";
        }
        return value >= 1e3 ? rounded(value / 1e3) + "k" : rounded(value);
    }

    private static String rounded(double value) {
        return new BigDecimal(value).round(THREE_DIGITS).stripTrailingZeros().toPlainString();
    }

    private static NumberTick tick(double value, boolean isLabelled, RectangleEdge edge) {
        return new NumberTick(
                isLabelled ? TickType.MAJOR : TickType.MINOR,
                value,
                isLabelled ? label(value) : "",
                RectangleEdge.isTopOrBottom(edge) ? TextAnchor.TOP_CENTER : TextAnchor.CENTER_RIGHT,
                TextAnchor.CENTER,
                0);
    }

    /** Labels powers of ten; and twice and five times as much, where there are few of them. */
    private static final class Decades extends LogAxis {
        private static final long serialVersionUID = 1;
        private static final double FEW = 1.7;

        Decades(String label) {
            super(label);
            setSmallestValue(1e-12);
        }

        @Override
        public List<NumberTick> refreshTicks(
                Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
            Range range = getRange();
            boolean isFew = Math.log10(range.getUpperBound() / range.getLowerBound()) < FEW;
            List<NumberTick> ticks = new ArrayList<>();
            int last = (int) Math.ceil(Math.log10(range.getUpperBound()));
            for (int power = (int) Math.floor(Math.log10(range.getLowerBound())); power <= last; power++) {
                for (int times = 1; times <= 9; times++) {
                    double value = Math.pow(10, power) * times;
                    if (range.contains(value)) {
                        ticks.add(tick(value, times == 1 || (isFew && (times == 2 || times == 5)), edge));
                    }
                }
            }
            return ticks;
        }
    }

    /** Labels a handful of round numbers. */
    private static final class Steps extends NumberAxis {
        private static final long serialVersionUID = 1;

        Steps(String label) {
            super(label);
        }

        @Override
        public List<NumberTick> refreshTicks(
                Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
            double upper = getRange().getUpperBound();
            double power = Math.pow(10, Math.floor(Math.log10(upper / MOST_STEPS)));
            double step = power * 10;
            for (double times : new double[] {5, 2, 1}) {
                step = upper / (power * times) <= MOST_STEPS ? power * times : step;
            }
            List<NumberTick> ticks = new ArrayList<>();
            for (int i = 0; i * step <= upper; i++) {
                ticks.add(tick(i * step, true, edge));
            }
            return ticks;
        }
    }
}
