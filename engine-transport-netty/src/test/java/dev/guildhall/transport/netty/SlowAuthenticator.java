package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** Takes everybody for ann, when the test lets it. */
final class SlowAuthenticator implements Authenticator {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);

    @Override
    public Authentication authenticate(Identify identify) throws InterruptedException {
        asked.countDown();
        assertThat(answer.await(30, TimeUnit.SECONDS)).isTrue();
        return Authentication.accepted("ann", JsonMapper.shared().createObjectNode());
    }

    /** Waits until it is being asked. */
    void awaitAsked() throws InterruptedException {
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    }

    void answer() {
        answer.countDown();
    }
}
