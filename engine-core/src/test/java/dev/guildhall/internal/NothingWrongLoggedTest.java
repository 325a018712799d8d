package dev.guildhall.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class NothingWrongLoggedTest {

    @Test
    void anErrorFailsTheTestAndAWarningDoesNot() {
        LoggerFactory.getLogger("dev.guildhall.internal.Deliberate").warn("no ERROR dev.guildhall here");
        NothingWrongLogged.check();
        LoggerFactory.getLogger("dev.guildhall.internal.Deliberate").error("deliberate");
        assertThatThrownBy(NothingWrongLogged::check).hasMessageContaining("deliberate");
        NothingWrongLogged.check();
    }
}
