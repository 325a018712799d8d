package dev.guildhall.transport.netty.internal;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;

/** A TLS handshake in memory, with a client that believes every certificate, but not that a wrong key belongs to it. */
final class TlsTrial {
    /** A handshake takes three or four. */
    private static final int MOST_FLIGHTS = 16;

    private TlsTrial() {}

    /**
     * Greets the server once.
     *
     * @throws IOException if they come to no agreement
     */
    static void run(SslContext context) throws IOException {
        SslContext trusting = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .build();
        EmbeddedChannel server = new EmbeddedChannel();
        EmbeddedChannel client = new EmbeddedChannel();
        try {
            SslHandler accepted = context.newHandler(server.alloc());
            SslHandler greeting = trusting.newHandler(client.alloc());
            server.pipeline().addLast(accepted);
            client.pipeline().addLast(greeting);
            for (int i = 0; i < MOST_FLIGHTS && !isDone(accepted, greeting); i++) {
                carry(client, server);
                carry(server, client);
            }
            if (!isDone(accepted, greeting)) {
                throw new IOException("no handshake is possible with it");
            }
        } catch (DecoderException e) {
            throw new IOException(
                    "the key is not the certificate's, or no handshake is possible with it", e.getCause());
        } finally {
            client.finishAndReleaseAll();
            server.finishAndReleaseAll();
        }
    }

    private static boolean isDone(SslHandler server, SslHandler client) {
        return server.handshakeFuture().isSuccess() && client.handshakeFuture().isSuccess();
    }

    private static void carry(EmbeddedChannel from, EmbeddedChannel to) {
        Object flight = from.readOutbound();
        while (flight != null) {
            to.writeInbound(flight);
            flight = from.readOutbound();
        }
    }
}
