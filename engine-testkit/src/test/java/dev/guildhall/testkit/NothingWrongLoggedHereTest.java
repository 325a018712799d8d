package dev.guildhall.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NothingWrongLoggedHereTest {

    @Test
    void theCheckOfTheCoresTestsIsInForceHereToo() {
        ClassLoader loader = getClass().getClassLoader();
        assertThat(loader.getResource("META-INF/services/org.junit.jupiter.api.extension.Extension"))
                .isNotNull();
        assertThat(loader.getResource("junit-platform.properties")).isNotNull();
    }
}
