package dev.guildhall.testkit;

import dev.guildhall.Event;
import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.memory.InMemoryClient;
import dev.guildhall.memory.InMemoryTransport;
import dev.guildhall.memory.Received;
import dev.guildhall.spi.ResumeRequest;
import dev.guildhall.spi.ResumeResult;
import dev.guildhall.testkit.contract.RemoteClient;
import dev.guildhall.testkit.contract.TransportFixture;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The in-memory transport under the contract of transports. */
record InMemoryFixture(InMemoryTransport transport, SessionOptions options) implements TransportFixture {

    static InMemoryFixture create(SessionOptions options, BiConsumer<Session, String> onCommand) {
        InMemoryTransport transport =
                InMemoryTransport.create().onCommand((session, command) -> onCommand.accept(session, command.text()));
        return new InMemoryFixture(transport, options);
    }

    @Override
    public RemoteClient connect(String user) {
        return new Client(transport, transport.connect(user, options));
    }

    private record Client(InMemoryTransport transport, InMemoryClient client) implements RemoteClient {

        @Override
        public @Nullable Arrived next(Duration patience) throws InterruptedException {
            Received received = client.take(patience);
            return received == null
                    ? null
                    : new Arrived(received.event().type(), received.event().text(), received.seq());
        }

        @Override
        public void stall() {
            client.stall();
        }

        @Override
        public void unstall() {
            client.unstall();
        }

        @Override
        public void send(String text) {
            client.send(Event.of("SAY", text));
        }

        @Override
        public void cut() {
            client.disconnect();
        }

        @Override
        public void leave() {
            client.leave();
        }

        @Override
        public boolean isClosed(Duration patience) throws InterruptedException {
            try {
                client.closed().get(patience.toNanos(), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Resumed resume() throws Exception {
            return answered(client.resume());
        }

        @Override
        public Resumed resume(String user, long lastSeq) throws Exception {
            String sessionId = client.session().id();
            return answered(transport.resume(new ResumeRequest(sessionId, client.secret(), lastSeq, user)));
        }

        private Resumed answered(InMemoryClient next) throws Exception {
            return switch (next.resumption().get(20, TimeUnit.SECONDS)) {
                case ResumeResult.Resumed resumed -> new Resumed(new Client(transport, next), null);
                case ResumeResult.Refused(ResumeResult.Reason reason) -> new Resumed(null, reason);
            };
        }
    }
}
