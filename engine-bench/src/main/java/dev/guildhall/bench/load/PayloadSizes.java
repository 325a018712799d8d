package dev.guildhall.bench.load;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** How many characters payloads have: always the same, or some sizes, each as often as its weight says. */
final class PayloadSizes {
    private static final int MOST = 1 << 20;
    private static final int MOST_WEIGHT = 1_000_000;
    private static final int DEFAULT = 128;

    /** Sizes by the sum of the weights up to and with theirs. */
    private final NavigableMap<Integer, Integer> sizes = new TreeMap<>();

    private final String filler;
    private int weights;

    private PayloadSizes(Map<Integer, Integer> weightOfSize) {
        int largest = 0;
        for (Map.Entry<Integer, Integer> size : weightOfSize.entrySet()) {
            weights = Math.addExact(weights, size.getValue());
            sizes.put(weights, size.getKey());
            largest = Math.max(largest, size.getKey());
        }
        // Not one letter only, which any compression would make nothing of.
        StringBuilder text = new StringBuilder(largest);
        Random letters = new Random(largest);
        while (text.length() < largest) {
            text.append((char) ('a' + letters.nextInt(26)));
        }
        filler = text.toString();
    }

    /** Reads {@code 128}, or {@code {64: 9, 2000: 1}}, of which one in ten has 2,000. */
    static PayloadSizes read(JsonNode value) {
        Map<Integer, Integer> sizes = new TreeMap<>();
        if (value.isObject() && value.isEmpty()) {
            sizes.put(DEFAULT, 1);
        } else if (value.isObject()) {
            for (Map.Entry<String, JsonNode> size : value.properties()) {
                int weight = Fields.bounded("publish.payload-bytes." + size.getKey(), size.getValue(), 1, MOST_WEIGHT);
                sizes.put(size(size.getKey()), weight);
            }
        } else {
            sizes.put(Fields.bounded("publish.payload-bytes", value, 0, MOST), 1);
        }
        return new PayloadSizes(sizes);
    }

    private static int size(String text) {
        try {
            int size = Integer.parseInt(text);
            if (size >= 0 && size <= MOST) {
                return size;
            }
        } catch (NumberFormatException e) {
            // As any other text.
        }
        throw new LoadException(
                "a size of publish.payload-bytes must be a whole number from 0 to " + MOST + ", was " + text);
    }

    String next(Random random) {
        return filler.substring(0, sizes.higherEntry(random.nextInt(weights)).getValue());
    }
}
