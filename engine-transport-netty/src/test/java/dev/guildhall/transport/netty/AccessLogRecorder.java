package dev.guildhall.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what an access log is told. */
final class AccessLogRecorder implements AccessLog {
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();

    @Override
    public void request(Request request) {
        requests.add(request);
    }

    @Override
    public void closed(Connection connection) {
        connections.add(connection);
    }

    Request nextRequest() throws InterruptedException {
        Request next = requests.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("a request").isNotNull();
        return next;
    }

    Connection nextClosed() throws InterruptedException {
        Connection next = connections.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("a closed connection").isNotNull();
        return next;
    }

    boolean hasMore() {
        return !requests.isEmpty() || !connections.isEmpty();
    }
}
