package dev.guildhall.bench.report;

import java.awt.Color;
import java.awt.font.FontRenderContext;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Makes a drawing part of a page: its colours become the style sheet's, its size the page's, and the names inside it are its own,
 * since all drawings of a page share one space of names.
 */
final class PageSvg {
    private static final Pattern COLOUR = Pattern.compile("rgb\\((\\d+),(\\d+),(\\d+)\\)");
    private static final Pattern REFERENCE = Pattern.compile("url\\(#(.+)\\)");

    /** What the page's style sheet says, or what is as by default. */
    private static final List<String> NEEDLESS = List.of(
            "font-family",
            "color-interpolation",
            "color-rendering",
            "image-rendering",
            "shape-rendering",
            "text-rendering",
            "font-style",
            "font-weight",
            "stroke-dashoffset",
            "stroke-dasharray",
            "stroke-opacity",
            "fill-opacity",
            "xml:space");

    /** What is lower than this from the bottom are the labels of the axis from left to right. */
    private static final int BELOW = 50;

    /** As the drawing measured, in whole pixels. */
    static final FontRenderContext METRICS = new FontRenderContext(null, true, false);

    private final String prefix;
    private final int height;

    private PageSvg(String prefix, int height) {
        this.prefix = prefix;
        this.height = height;
    }

    static String of(Element svg, Chart chart, int width, int height) {
        PageSvg page = new PageSvg(chart.id() + "-" + width + "-", height);
        page.adapt(svg);
        svg.removeAttribute("width");
        svg.removeAttribute("height");
        svg.setAttribute("viewBox", "0 0 " + width + " " + height);
        svg.setAttribute("role", "img");
        svg.setAttribute("aria-label", chart.title());
        return page.text(svg);
    }

    /**
     * Lets a label end, or have its middle, where the drawing meant it to, whatever font the page has: those below the plot are
     * centred, those beside it end at its edge. What is turned is left as it is.
     */
    private void anchor(Element text) {
        if (isTurned(text)) {
            return;
        }
        double x = Double.parseDouble(text.getAttribute("x"));
        double wide = Axes.FONT.getStringBounds(text.getTextContent(), METRICS).getWidth();
        boolean isBelow = Double.parseDouble(text.getAttribute("y")) > height - BELOW;
        text.setAttribute("x", String.format(Locale.ROOT, "%.1f", isBelow ? x + wide / 2 : x + wide));
        text.setAttribute("text-anchor", isBelow ? "middle" : "end");
    }

    private static boolean isTurned(Element element) {
        return element.getAttribute("transform").contains("rotate")
                || (element.getParentNode() instanceof Element parent && isTurned(parent));
    }

    private void adapt(Element element) {
        if (element.getTagName().equals("text")) {
            anchor(element);
        }
        NEEDLESS.forEach(element::removeAttribute);
        StringBuilder style = new StringBuilder();
        for (String property : List.of("fill", "stroke")) {
            Matcher colour = COLOUR.matcher(element.getAttribute(property));
            if (colour.matches()) {
                variable(colour).ifPresent(variable -> {
                    element.removeAttribute(property);
                    style.append(property).append(":var(").append(variable).append(");");
                });
            }
        }
        if (!style.isEmpty()) {
            element.setAttribute("style", style.toString());
        }
        if (element.hasAttribute("id")) {
            element.setAttribute("id", prefix + element.getAttribute("id"));
        }
        Matcher reference = REFERENCE.matcher(element.getAttribute("clip-path"));
        if (reference.matches()) {
            element.setAttribute("clip-path", "url(#" + prefix + reference.group(1) + ")");
        }
        NodeList children = element.getChildNodes();
        for (int i = children.getLength() - 1; i >= 0; i--) {
            Node child = children.item(i);
            if (child instanceof Element inner) {
                adapt(inner);
            } else if (child.getNodeType() == Node.COMMENT_NODE) {
                element.removeChild(child);
            }
        }
    }

    private static Optional<String> variable(Matcher colour) {
        return Palette.variable(new Color(
                Integer.parseInt(colour.group(1)),
                Integer.parseInt(colour.group(2)),
                Integer.parseInt(colour.group(3))));
    }

    private String text(Element svg) {
        try {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter text = new StringWriter();
            transformer.transform(new DOMSource(svg), new StreamResult(text));
            return text.toString();
        } catch (TransformerException e) {
            throw new IllegalStateException("a chart could not be written", e);
        }
    }
}
