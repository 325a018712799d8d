package dev.guildhall.bench.tables;

import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text with places for tables: {@code <!-- table: NAME -->} at the beginning of a line begins one and {@code <!-- end -->} ends it. */
final class Markdown {
    private static final Pattern BEGIN = Pattern.compile("^<!-- table:", Pattern.MULTILINE);
    private static final Pattern PLACE =
            Pattern.compile("^<!-- table: (\\S+) -->\n(.*?)<!-- end -->", Pattern.DOTALL | Pattern.MULTILINE);

    private Markdown() {}

    /**
     * The text with its tables made anew.
     *
     * @param table makes one by its name
     * @throws IllegalArgumentException if a place has no end
     */
    static String fill(String text, UnaryOperator<String> table) {
        long places = PLACE.matcher(text).results().count();
        long begun = BEGIN.matcher(text).results().count();
        if (places != begun) {
            throw new IllegalArgumentException(begun + " times '<!-- table: NAME -->' on a line of its own, but "
                    + places + " with '<!-- end -->'");
        }
        return PLACE.matcher(text).replaceAll(place -> quoted(place, table));
    }

    private static String quoted(MatchResult place, UnaryOperator<String> table) {
        String name = place.group(1);
        String made = "<!-- table: " + name + " -->\n" + table.apply(name).strip() + "\n\n<!-- end -->";
        return Matcher.quoteReplacement(made);
    }
}
