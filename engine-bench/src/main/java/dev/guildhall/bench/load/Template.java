package dev.guildhall.bench.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A text with places such as <code>${payload}</code>, which are filled in as they are, without quoting. */
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]*)}");

    /** Text and name by turns, beginning and ending with a text. */
    private final List<String> parts = new ArrayList<>();

    private Template(String text) {
        Matcher places = PLACE.matcher(text);
        int end = 0;
        while (places.find()) {
            parts.add(text.substring(end, places.start()));
            parts.add(places.group(1));
            end = places.end();
        }
        parts.add(text.substring(end));
    }

    /**
     * @param where the text stands, for the message
     * @param known what can be filled in there
     * @throws LoadException if something else is asked for
     */
    static Template of(String text, String where, Collection<String> known) {
        Template template = new Template(text);
        for (int i = 1; i < template.parts.size(); i += 2) {
            if (!known.contains(template.parts.get(i))) {
                throw new LoadException(where + " has ${" + template.parts.get(i) + "}, but there are only "
                        + String.join(", ", known));
            }
        }
        return template;
    }

    /**
     * @param values asked once for each place
     * @throws IllegalStateException if there is no value
     */
    String fill(Function<String, @Nullable String> values) {
        StringBuilder text = new StringBuilder(parts.getFirst());
        for (int i = 1; i < parts.size(); i += 2) {
            String value = values.apply(parts.get(i));
            if (value == null) {
                throw new IllegalStateException("no value of ${" + parts.get(i) + "}");
            }
            text.append(value).append(parts.get(i + 1));
        }
        return text.toString();
    }
}
