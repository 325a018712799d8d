package dev.guildhall.bench.report;

import dev.guildhall.bench.report.Chart.Point;
import dev.guildhall.bench.report.Chart.Series;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.w3c.dom.Document;

/** Draws a {@link Chart} as SVG, with text as text and with the page's colours. */
final class ChartSvg {
    private static final BasicStroke LINE = new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    private static final BasicStroke THIN = new BasicStroke(1.5f);
    private static final BasicStroke GRID = new BasicStroke(1);
    private static final int ROW = 24;
    private static final int SERIES_ROW = 13;
    private static final int BELOW_ROWS = 64;
    private static final double DOT = 4;

    private final Chart chart;

    private ChartSvg(Chart chart) {
        this.chart = chart;
    }

    /** An {@code svg} element of this width, as wide as the page lets it be. */
    static String draw(Chart chart, int width) {
        return new ChartSvg(chart).draw(width);
    }

    /** Whether text can be measured; a JDK brings no fonts, and a small system may have none. */
    static boolean hasFonts() {
        try {
            return Axes.FONT.getStringBounds("0", PageSvg.METRICS).getWidth() > 0;
        } catch (RuntimeException | Error e) {
            return false; // the JDK fails in several ways, of which some are errors of linking
        }
    }

    /** The shape of a series' points, for those who do not tell the colours apart; about 8 pixels around 0, 0. */
    static Shape marker(int colour) {
        return switch (colour % 4) {
            case 0 -> new Ellipse2D.Double(-DOT, -DOT, 2 * DOT, 2 * DOT);
            case 1 -> new Rectangle2D.Double(-DOT + 0.5, -DOT + 0.5, 2 * DOT - 1, 2 * DOT - 1);
            case 2 -> polygon(0, -DOT - 1, DOT + 1, DOT - 0.5, -DOT - 1, DOT - 0.5);
            default -> polygon(0, -DOT - 1, DOT + 1, 0, 0, DOT + 1, -DOT - 1, 0);
        };
    }

    private static Shape polygon(double... corners) {
        Path2D path = new Path2D.Double();
        path.moveTo(corners[0], corners[1]);
        for (int i = 2; i < corners.length; i += 2) {
            path.lineTo(corners[i], corners[i + 1]);
        }
        path.closePath();
        return path;
    }

    private String draw(int width) {
        int height = chart.isDots()
                ? BELOW_ROWS
                        + chart.categories().size()
                                * Math.max(ROW, 8 + SERIES_ROW * chart.series().size())
                : Math.max(280, width / 2);
        XYPlot plot = chart.isDots() ? dots() : lines();
        style(plot);
        JFreeChart drawn = new JFreeChart(null, JFreeChart.DEFAULT_TITLE_FONT, plot, false);
        drawn.setBackgroundPaint(null);
        drawn.setPadding(new RectangleInsets(2, 2, 2, 10));
        SVGGraphics2D graphics = new SVGGraphics2D(SVGGeneratorContext.createDefault(newDocument()), false);
        graphics.setSVGCanvasSize(new Dimension(width, height));
        drawn.draw(graphics, new Rectangle(width, height));
        return PageSvg.of(graphics.getRoot(), chart, width, height);
    }

    private XYPlot lines() {
        XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
        for (Series series : chart.series()) {
            XYIntervalSeries points = new XYIntervalSeries(series.name());
            for (Point point : series.points()) {
                points.add(point.x(), point.x(), point.x(), point.median(), point.min(), point.max());
            }
            data.addSeries(points);
        }
        ValueAxis sizes = Axes.logarithmic(chart.across(), least(Point::x), most(Point::x));
        return new XYPlot(data, sizes, values(chart.up()), renderer(true));
    }

    private XYPlot dots() {
        XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
        int count = chart.series().size();
        for (int i = 0; i < count; i++) {
            double aside = count == 1 ? 0 : 0.6 * ((double) i / (count - 1) - 0.5);
            XYIntervalSeries points = new XYIntervalSeries(chart.series().get(i).name());
            for (Point point : chart.series().get(i).points()) {
                double row = point.x() + aside;
                points.add(point.median(), point.min(), point.max(), row, row, row);
            }
            data.addSeries(points);
        }
        XYPlot plot = new XYPlot(data, values(chart.across()), Axes.categories(chart.categories()), renderer(false));
        if (chart.even() != null) {
            plot.addDomainMarker(new ValueMarker(chart.even(), Palette.AXIS, THIN), Layer.BACKGROUND);
        }
        return plot;
    }

    private ValueAxis values(String label) {
        return chart.isLogarithmic()
                ? Axes.logarithmic(label, least(Point::min), most(Point::max))
                : Axes.linear(label, most(Point::max));
    }

    private double least(ToDoubleFunction<Point> value) {
        return withEven(value).filter(each -> each > 0).min().orElse(1);
    }

    private double most(ToDoubleFunction<Point> value) {
        return withEven(value).max().orElse(1);
    }

    private DoubleStream withEven(ToDoubleFunction<Point> value) {
        DoubleStream values =
                chart.series().stream().flatMap(each -> each.points().stream()).mapToDouble(value);
        return chart.even() == null ? values : DoubleStream.concat(values, DoubleStream.of(chart.even()));
    }

    private XYErrorRenderer renderer(boolean hasLines) {
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawXError(!hasLines);
        renderer.setDrawYError(hasLines);
        renderer.setDefaultLinesVisible(hasLines);
        renderer.setCapLength(5);
        renderer.setErrorStroke(THIN);
        for (int i = 0; i < chart.series().size(); i++) {
            int colour = Palette.colourOf(chart.series().get(i).name(), i);
            Color paint = Palette.placeholder(colour);
            renderer.setSeriesPaint(i, paint);
            renderer.setSeriesStroke(i, LINE);
            renderer.setSeriesShape(i, marker(colour));
            renderer.setSeriesShapesFilled(i, true);
        }
        return renderer;
    }

    private void style(XYPlot plot) {
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        plot.setDomainGridlinesVisible(chart.isDots());
        plot.setDomainGridlinePaint(Palette.GRID);
        plot.setDomainGridlineStroke(GRID);
        plot.setRangeGridlinesVisible(!chart.isDots());
        plot.setRangeGridlinePaint(Palette.GRID);
        plot.setRangeGridlineStroke(GRID);
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    }

    private static Document newDocument() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument("http://www.w3.org/2000/svg", "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK has no XML parser", e);
        }
    }
}
