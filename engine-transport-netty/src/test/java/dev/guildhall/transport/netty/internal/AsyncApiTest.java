package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.transport.netty.GatewayCloseCode;
import dev.guildhall.transport.netty.NettyTransport;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What docs/asyncapi.yaml says is what the code does. */
class AsyncApiTest {
    private static final Set<Integer> OF_RFC_6455 = Set.of(
            CloseCodes.NORMAL,
            CloseCodes.GOING_AWAY,
            WebSocketCloseStatus.PROTOCOL_ERROR.code(),
            WebSocketCloseStatus.INVALID_PAYLOAD_DATA.code());

    private final JsonNode document = document();
    private final JsonNode gateway = document.at("/channels/gateway");

    private static JsonNode document() {
        Path here = Path.of("docs", "asyncapi.yaml");
        Path file = Files.exists(here) ? here : Path.of("..").resolve(here);
        return new YAMLMapper().readTree(file);
    }

    @Test
    void itIsOfTheVersionThatItNames() {
        assertThat(document.get("asyncapi").stringValue()).isEqualTo("3.0.0");
        assertThat(document.at("/info/version").stringValue()).isEqualTo(String.valueOf(ReadyData.VERSION));
        assertThat(gateway.get("address").stringValue()).isEqualTo(NettyTransport.DEFAULT_PATH);
        assertThat(document.at("/servers/plain/host").stringValue())
                .isEqualTo("localhost:" + NettyTransport.DEFAULT_PORT);
    }

    @Test
    void everyReferenceIsToSomething() {
        List<String> references = document.findValuesAsString("$ref");
        assertThat(references).hasSizeGreaterThan(30).allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        });
    }

    @Test
    void opcodesToClients() {
        Set<Integer> expected = new TreeSet<>(Opcodes.TO_CLIENTS);
        expected.add(Opcodes.HEARTBEAT); // a request for one
        assertThat(opcodesOf("sendToClient")).isEqualTo(expected);
    }

    @Test
    void opcodesFromClients() {
        Set<Integer> expected = new TreeSet<>(Opcodes.FROM_CLIENTS);
        expected.addAll(Opcodes.FOR_THE_APPLICATION);
        assertThat(opcodesOf("receiveFromClient")).isEqualTo(expected);
    }

    @Test
    void opcodesOfTheApplication() {
        JsonNode op = document.at("/components/messages/applicationCommand/payload/properties/op");
        List<Integer> others =
                op.at("/not/enum").valueStream().map(JsonNode::intValue).toList();
        for (int i = 0; i < 100; i++) {
            assertThat(i >= op.get("minimum").intValue() && !others.contains(i))
                    .as("op %d", i)
                    .isEqualTo(Opcodes.mayBeHandled(i));
        }
        assertThat(op.get("maximum").intValue()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void everyMessageOfTheChannelHasADirection() {
        Set<String> sent = new TreeSet<>(messagesOf("sendToClient"));
        sent.addAll(messagesOf("receiveFromClient"));
        assertThat(sent).isEqualTo(new TreeSet<>(gateway.get("messages").propertyNames()));
    }

    @Test
    void closeCodes() {
        Map<Integer, String> expected = new HashMap<>();
        for (GatewayCloseCode code : GatewayCloseCode.values()) {
            expected.put(code.code(), code.name() + " " + code.reconnect());
        }
        Map<Integer, String> described = new HashMap<>();
        gateway.get("x-close-codes").forEachEntry((code, about) -> {
            assertThat(about.get("description").stringValue()).isNotEmpty();
            described.put(Integer.valueOf(code), about.get("name").stringValue() + " " + about.get("reconnect"));
        });
        assertThat(described.keySet()).containsAll(OF_RFC_6455);
        described.keySet().removeAll(OF_RFC_6455);
        assertThat(described).isEqualTo(expected);
    }

    @Test
    void queries() {
        JsonNode query = gateway.at("/bindings/ws/query/properties");
        assertThat(strings(query.at("/v/enum"))).containsExactly(String.valueOf(ReadyData.VERSION));
        assertThat(strings(query.at("/encoding/enum")))
                .containsExactlyElementsOf(Arrays.stream(MessageEncoding.values())
                        .map(MessageEncoding::word)
                        .toList());
        assertThat(strings(query.at("/compress/enum"))).containsExactly("zlib-stream", "zstd-stream");
    }

    @Test
    void streamsOfEvents() {
        JsonNode events = document.at("/channels/events");
        assertThat(events.get("address").stringValue()).isEqualTo(NettyTransport.DEFAULT_PATH + "/events");
        assertThat(events.get("x-event-names").propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(EventStream.Name.values()).map(Enum::name).toList());
        events.get("x-event-names")
                .values()
                .forEach(message -> assertThat(
                                events.at("/messages/" + message.stringValue()).isMissingNode())
                        .isFalse());
    }

    @Test
    void numbersOfDispatches() {
        assertThat(document.at("/components/schemas/Seq/maximum").longValue()).isEqualTo(DispatchFrame.MAX_SEQ);
    }

    private Set<Integer> opcodesOf(String operation) {
        Set<Integer> opcodes = new TreeSet<>();
        for (String message : messagesOf(operation)) {
            JsonNode op = document.at("/components/messages/" + message + "/payload/properties/op");
            assertThat(op.isObject()).as("op of %s", message).isTrue();
            if (op.has("const")) {
                opcodes.add(op.get("const").intValue());
            }
        }
        return opcodes;
    }

    private List<String> messagesOf(String operation) {
        return Stream.of(document.at("/operations/" + operation + "/messages"))
                .flatMap(JsonNode::valueStream)
                .map(reference -> reference.get("$ref").stringValue())
                .map(reference -> reference.substring(reference.lastIndexOf('/') + 1))
                .toList();
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::stringValue).toList();
    }
}
