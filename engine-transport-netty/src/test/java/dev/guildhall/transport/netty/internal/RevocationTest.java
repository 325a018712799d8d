package dev.guildhall.transport.netty.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RevocationTest {
    private final Revocation revocation = new Revocation();
    private final Admission welcome =
            new Admission.Welcome("ann", ReadyData.of(JsonMapper.shared().createObjectNode(), null));

    @Test
    void onlyQuestionsThatAreBeingAskedAreRevised() {
        revocation.revoke("ann");
        Revocation.Pending asked = revocation.begin();
        assertThat(asked.revises(welcome)).isSameAs(welcome);
        revocation.revoke("bob");
        assertThat(asked.revises(welcome)).isSameAs(welcome);
        revocation.revoke("ann");
        assertThat(asked.revises(welcome))
                .isEqualTo(new Admission.Refused(Revocation.CODE, "the token is no longer valid"));
        assertThat(revocation.begin().revises(welcome)).isSameAs(welcome);
    }

    @Test
    void aRefusalStaysWhatItIs() {
        Admission refused = new Admission.Refused(Revocation.CODE, "unknown");
        Revocation.Pending asked = revocation.begin();
        revocation.revoke("ann");
        assertThat(asked.revises(refused)).isSameAs(refused);
    }

    @Test
    void answeredQuestionsAreForgotten() {
        Revocation.Pending asked = revocation.begin();
        assertThat(revocation.pending()).isOne();
        revocation.end(asked);
        revocation.end(asked);
        assertThat(revocation.pending()).isZero();
    }
}
