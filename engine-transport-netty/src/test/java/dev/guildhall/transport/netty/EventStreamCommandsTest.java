package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.Event;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of streams of events say, by requests of their own. */
@Timeout(60)
@ExtendWith(NothingWrongLogged.Strict.class)
class EventStreamCommandsTest {
    @Test
    void whatWasAcknowledgedIsKeptNoLonger() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.nextReady();
            gateway.guild().publish(Event.of("E", "1"));
            client.dispatch("E");
            assertThat(EventStreamClient.post(gateway, client.sessionId(), "user:ann", "{\"op\":1,\"d\":2}")
                            .statusCode())
                    .isEqualTo(202);
            gateway.guild().publish(Event.of("E", "2"));
            client.dispatch("E");
            try (EventStreamClient again = EventStreamClient.resume(gateway, "ann", client.sessionId() + ".1")) {
                again.startedAnew(client);
            }
        }
    }

    @Test
    void commandsComeByPost() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.nextReady();
            HttpResponse<String> answer = EventStreamClient.post(
                    gateway, client.sessionId(), "user:ann", "{\"op\":100,\"d\":{\"id\":9007199254740993}}");
            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(client.dispatch("MESSAGE_CREATE").get("d").toString()).isEqualTo("{\"id\":9007199254740993}");
            assertThat(gateway.transport().stats().messagesReceived()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user:eve | {\"op\":100,\"d\":1}     | 404",
                "nobody   | {\"op\":100,\"d\":1}     | 404",
                "user:ann | {\"op\":99}              | 400",
                "user:ann | {\"op\":0}               | 400",
                "user:ann | {\"op\":2,\"d\":{}}      | 409",
                "user:ann | {\"op\":6,\"d\":{}}      | 409",
                "user:ann | nonsense                 | 400",
                "user:ann | ''                       | 400",
            })
    void whatIsNoCommandChangesNothing(String token, String body, int status) throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
                EventStreamClient eve = EventStreamClient.open(gateway, "eve").ready();
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            gateway.nextReady();
            gateway.nextReady();
            assertThat(eve.status()).isEqualTo(200);
            HttpResponse<String> answer = EventStreamClient.post(gateway, client.sessionId(), token, body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            HttpResponse<String> unknown = EventStreamClient.post(gateway, "0".repeat(32), token, body);
            if (status == 404) { // the same words as for a session that is not there
                assertThat(answer.body()).isEqualTo(unknown.body());
            }
            gateway.guild().publish(Event.of("E", "1"));
            assertThat(client.dispatch("E").get("s").intValue()).isEqualTo(2);
        }
    }

    @Test
    void bodiesAreBounded() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b);
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            for (int size : new int[] {4096, 9000}) {
                String body = "{\"op\":100,\"d\":\"" + "x".repeat(size) + "\"}";
                assertThat(EventStreamClient.post(gateway, client.sessionId(), "user:ann", body)
                                .statusCode())
                        .isEqualTo(413);
            }
        }
    }

    @Test
    void messagesAreCounted() throws Exception {
        try (TestGateway gateway = TestGateway.withEventStreams(b -> b.messageRate(3, Duration.ofMinutes(1)));
                EventStreamClient client =
                        EventStreamClient.open(gateway, "ann").ready()) {
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> answer =
                        EventStreamClient.post(gateway, client.sessionId(), "user:ann", "{\"op\":100,\"d\":1}");
                assertThat(answer.statusCode()).isEqualTo(i < 3 ? 202 : 429);
            }
        }
    }
}
