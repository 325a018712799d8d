package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7692, sections 5.1, 7.1.1 and 7.1.2. */
class DeflateOfferTest {

    @ParameterizedTest
    @CsvSource({
        "permessage-deflate,                                     false",
        "permessage-deflate; client_max_window_bits,             false",
        "permessage-deflate; client_max_window_bits=8,           false",
        "permessage-deflate; client_max_window_bits=\"15\",      false",
        "permessage-deflate;client_no_context_takeover,          false",
        "permessage-deflate; server_no_context_takeover,         true",
        "' permessage-deflate ; server_no_context_takeover ; client_max_window_bits = 10 ', true",
        "'foo; bar=1, permessage-deflate',                       false",
        "'permessage-deflate; server_max_window_bits=8, permessage-deflate', false",
    })
    void isAccepted(String header, boolean withoutTakeover) {
        assertThat(DeflateOffer.firstOf(List.of(header))).isEqualTo(new DeflateOffer(withoutTakeover, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "foo",
                "permessage-deflate2",
                "x-webkit-deflate-frame",
                "permessage-deflate; server_max_window_bits=8", // smaller windows than deflate has here
                "permessage-deflate; server_max_window_bits=14",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits=015",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; client_max_window_bits=",
                "permessage-deflate; client_max_window_bits=\"",
                "permessage-deflate; client_max_window_bits; client_max_window_bits=10", // twice
                "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover=true",
                "permessage-deflate; unknown",
                "permessage-deflate; unknown=1",
                "permessage-deflate;",
            })
    void isDeclined(String header) {
        assertThat(DeflateOffer.firstOf(List.of(header))).isNull();
    }

    @Test
    void theFirstThatCanBeAcceptedOfAllHeadersCounts() {
        assertThat(DeflateOffer.firstOf(List.of(
                        "foo, permessage-deflate; unknown",
                        "permessage-deflate; server_no_context_takeover",
                        "permessage-deflate")))
                .isEqualTo(new DeflateOffer(true, false));
        assertThat(DeflateOffer.firstOf(List.of())).isNull();
    }

    @Test
    void theAnswerSaysWhatTheOfferNeeds() {
        DeflateOffer bounded = DeflateOffer.firstOf(List.of("permessage-deflate; server_max_window_bits=15"));
        assertThat(bounded).isNotNull();
        assertThat(bounded.accepted(false))
                .isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover;"
                        + " server_max_window_bits=15");
        assertThat(new DeflateOffer(false, false).accepted(true))
                .isEqualTo("permessage-deflate; client_no_context_takeover");
    }
}
