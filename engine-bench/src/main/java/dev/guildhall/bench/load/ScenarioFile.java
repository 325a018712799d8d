package dev.guildhall.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Scenarios as they are written: YAML in a file, or one of those that come along. */
final class ScenarioFile {
    /** Those that come along, in the order in which to meet them. */
    static final List<String> SHIPPED = List.of("fan-out", "unsteady", "crowd", "rooms", "chat");

    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();
    private static final int RUN_DIGITS = 8;

    private ScenarioFile() {}

    /**
     * Reads a scenario.
     *
     * @param name a file, or one of {@link #SHIPPED}
     * @param settings replace what the file says: names with dots, such as {@code publish.rate}, and YAML
     * @throws LoadException if there is none, or it cannot be understood
     */
    static Scenario read(String name, Map<String, String> settings) {
        String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(), RUN_DIGITS);
        return parse(name, text(name), settings, run);
    }

    static Scenario parse(String name, String text, Map<String, String> settings, String run) {
        JsonNode tree = yaml(name, text);
        try {
            if (!(tree instanceof ObjectNode root)) {
                throw new LoadException("must hold names and values");
            }
            settings.forEach((path, value) -> set(root, path, yaml("--set " + path, value)));
            return Fields.read("", root, fields -> Scenario.read(name, run, fields));
        } catch (LoadException e) {
            throw new LoadException(name + ": " + e.getMessage(), e);
        }
    }

    /** The text of a scenario that comes along, or in a file. */
    static String text(String name) {
        Path file = Path.of(name);
        try (InputStream shipped = ScenarioFile.class.getResourceAsStream("/scenarios/" + name + ".yaml")) {
            if (Files.isRegularFile(file)) {
                return Files.readString(file);
            }
            if (shipped != null && SHIPPED.contains(name)) {
                return new String(shipped.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new LoadException("cannot read " + name + ": " + e, e);
        }
        throw new LoadException(
                "no file '" + name + "', and no scenario of this name; there are " + String.join(", ", SHIPPED));
    }

    /** What a scenario is for: its first line, which is a comment. */
    static String purpose(String name) {
        return text(name).lines().findFirst().orElse("").replaceFirst("^#\\s*", "");
    }

    private static JsonNode yaml(String where, String text) {
        try {
            return YAML.readTree(text);
        } catch (JacksonException e) {
            throw new LoadException(
                    where + ", line " + e.getLocation().getLineNr() + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse("no YAML"),
                    e);
        }
    }

    private static void set(ObjectNode root, String path, JsonNode value) {
        String[] names = path.split("\\.", -1);
        ObjectNode object = root;
        for (int i = 0; i < names.length - 1; i++) {
            JsonNode next = object.get(names[i]);
            object = next instanceof ObjectNode inner ? inner : object.putObject(names[i]);
        }
        object.set(names[names.length - 1], value);
    }
}
