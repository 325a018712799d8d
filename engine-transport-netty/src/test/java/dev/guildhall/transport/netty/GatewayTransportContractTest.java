package dev.guildhall.transport.netty;

import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.testkit.contract.FailingStart;
import dev.guildhall.testkit.contract.TransportContract;
import dev.guildhall.testkit.contract.TransportFixture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingWrongLogged.class)
class GatewayTransportContractTest extends TransportContract {

    @Override
    protected TransportFixture create(SessionOptions options, BiConsumer<Session, String> onCommand) {
        return GatewayFixture.create(options, onCommand);
    }

    @Override
    protected FailingStart failingStart() throws Exception {
        return GatewayFixture.failingStart();
    }
}
