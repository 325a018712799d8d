package dev.guildhall.testkit.contract;

import dev.guildhall.spi.Transport;

/** A transport under a contract, and how its clients are made. */
public interface TransportFixture {

    /**
     * The transport, for one engine, which opens and closes it.
     *
     * @return always the same
     */
    Transport transport();

    /**
     * Connects a client and waits until its session is open.
     *
     * @param user who it is
     * @return the client
     * @throws Exception if it is not let in, or nobody listens
     */
    RemoteClient connect(String user) throws Exception;
}
