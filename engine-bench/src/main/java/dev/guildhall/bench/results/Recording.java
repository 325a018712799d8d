package dev.guildhall.bench.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What has been measured in this JVM, and in those it started, since its start; any thread may add to it. */
public final class Recording {
    private static final Recording CURRENT = new Recording();

    private final Map<String, Figure> figures = new LinkedHashMap<>();
    private final List<Score> scores = new ArrayList<>();

    Recording() {}

    /** The JVM's, since a JVM runs one command. */
    public static Recording current() {
        return CURRENT;
    }

    /** Adds a figure, in place of one of the same name. */
    public synchronized void add(Figure figure) {
        figures.put(figure.name(), figure);
    }

    /** Adds what JMH measured. */
    public synchronized void add(Score score) {
        scores.add(score);
    }

    /** Adds what a child measured; a figure that several children print becomes one with all their samples. */
    public synchronized void addChild(Result child) {
        child.figures().forEach(figure -> figures.merge(figure.name(), figure, Figure::with));
        scores.addAll(child.scores());
    }

    synchronized List<Figure> figures() {
        return List.copyOf(figures.values());
    }

    synchronized List<Score> scores() {
        return List.copyOf(scores);
    }
}
