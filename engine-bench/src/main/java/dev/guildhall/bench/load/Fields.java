package dev.guildhall.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object of a scenario file, read member by member. What is out of its bounds throws a {@link LoadException} with the member's
 * name, the bounds and the value; and so does, in {@link #done}, a member that nobody asked for, which is a misspelt one.
 */
final class Fields {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d+)?)\\s*%");

    private final String path;
    private final JsonNode object;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * @param path of the object within the file, empty for the whole of it
     */
    Fields(String path, JsonNode object) {
        this.path = path;
        this.object = object;
        if (!object.isObject()) {
            throw new LoadException((path.isEmpty() ? "the scenario" : path) + " must be an object, was " + object);
        }
    }

    String path() {
        return path;
    }

    private String name(String member) {
        return path.isEmpty() ? member : path + "." + member;
    }

    /** The member, or null if it is not there. */
    private @Nullable JsonNode find(String member) {
        known.add(member);
        JsonNode value = object.get(member);
        return value == null || value.isNull() ? null : value;
    }

    private LoadException wrong(String member, String bound, JsonNode value) {
        return new LoadException(name(member) + " must be " + bound + ", was " + value.asString(value.toString()));
    }

    boolean has(String member) {
        return find(member) != null;
    }

    int integer(String member, int least, int most, int otherwise) {
        JsonNode value = find(member);
        if (value == null) {
            return otherwise;
        }
        return bounded(name(member), value, least, most);
    }

    static int bounded(String name, JsonNode value, int least, int most) {
        if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
            throw new LoadException(String.format(
                    Locale.ROOT,
                    "%s must be a whole number from %,d to %,d, was %s",
                    name,
                    least,
                    most,
                    value.asString(value.toString())));
        }
        return value.intValue();
    }

    long anyLong(String member, long otherwise) {
        JsonNode value = find(member);
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(member, "a whole number of 64 bits", value);
        }
        return value.longValue();
    }

    double number(String member, double least, double most, double otherwise) {
        JsonNode value = find(member);
        if (value == null) {
            return otherwise;
        }
        if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw wrong(member, "a number from " + plain(least) + " to " + plain(most), value);
        }
        return value.doubleValue();
    }

    /** A part of a whole, such as {@code 10%}; answers 0 to 1. */
    double share(String member, double otherwise) {
        JsonNode value = find(member);
        if (value == null) {
            return otherwise;
        }
        Matcher percent = PERCENT.matcher(value.asString(""));
        double share = percent.matches() ? Double.parseDouble(percent.group(1)) / 100 : -1;
        if (share < 0 || share > 1) {
            throw wrong(member, "a share from 0% to 100%", value);
        }
        return share;
    }

    boolean flag(String member, boolean otherwise) {
        JsonNode value = find(member);
        if (value == null) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(member, "true or false", value);
        }
        return value.booleanValue();
    }

    Duration duration(String member, Duration least, Duration most, Duration otherwise) {
        JsonNode value = find(member);
        if (value == null) {
            return otherwise;
        }
        Matcher matcher = DURATION.matcher(value.asString(""));
        Duration duration = matcher.matches() ? duration(matcher) : null;
        if (duration == null || duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw wrong(member, "a time from " + plain(least) + " to " + plain(most) + " with its unit", value);
        }
        return duration;
    }

    private static Duration duration(Matcher matcher) {
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    @Nullable
    String text(String member) {
        JsonNode value = find(member);
        if (value != null && !value.isValueNode()) {
            throw wrong(member, "a text", value);
        }
        return value == null ? null : value.asString();
    }

    String text(String member, String otherwise) {
        String text = text(member);
        return text == null ? otherwise : text;
    }

    <E extends Enum<E>> E choice(String member, Class<E> choices, E otherwise) {
        JsonNode value = find(member);
        if (value == null) {
            return otherwise;
        }
        List<String> names = new ArrayList<>();
        for (E choice : choices.getEnumConstants()) {
            String name = choice.name().toLowerCase(Locale.ROOT);
            if (name.equals(value.asString(""))) {
                return choice;
            }
            names.add(name);
        }
        throw wrong(member, "one of " + String.join(", ", names), value);
    }

    /** Reads the object that is there under this name, to its last member; null if there is none. */
    <T> @Nullable T object(String member, Function<Fields, T> reader) {
        JsonNode value = find(member);
        return value == null ? null : read(name(member), value, reader);
    }

    /** The member as it is; an empty object if it is not there. */
    JsonNode part(String member) {
        JsonNode value = find(member);
        return value == null ? JsonNodeFactory.instance.objectNode() : value;
    }

    <T> T object(String member, Function<Fields, T> reader, T otherwise) {
        T value = this.<T>object(member, reader);
        return value == null ? otherwise : value;
    }

    <T> List<T> list(String member, int most, Function<Fields, T> reader) {
        JsonNode value = find(member);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.size() > most) {
            throw wrong(member, "a list of at most " + most, value);
        }
        List<T> list = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            list.add(read(name(member) + "[" + i + "]", value.get(i), reader));
        }
        return List.copyOf(list);
    }

    /** Texts by names; empty if there are none. */
    Map<String, String> texts(String member) {
        Map<String, String> texts = new LinkedHashMap<>();
        JsonNode value = find(member);
        if (value == null) {
            return texts;
        }
        if (!value.isObject()) {
            throw wrong(member, "texts by names", value);
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            if (!entry.getValue().isValueNode()) {
                throw wrong(member + "." + entry.getKey(), "a text", entry.getValue());
            }
            texts.put(entry.getKey(), entry.getValue().asString());
        }
        return texts;
    }

    /** A copy of the object with fewer members. */
    JsonNode without(String... members) {
        ObjectNode copy = object.asObject().deepCopy();
        copy.remove(List.of(members));
        return copy;
    }

    static <T> T read(String path, JsonNode value, Function<Fields, T> reader) {
        Fields fields = new Fields(path, value);
        T result = reader.apply(fields);
        fields.done();
        return result;
    }

    private void done() {
        for (String member : object.propertyNames()) {
            if (!known.contains(member)) {
                throw new LoadException(
                        "'" + name(member) + "' means nothing here; there are " + String.join(", ", known));
            }
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : String.format(Locale.ROOT, "%s", value);
    }

    private static String plain(Duration value) {
        if (value.toMillisPart() != 0) {
            return value.toMillis() + "ms";
        }
        long seconds = value.toSeconds();
        return seconds > 0 && seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds + "s";
    }
}
