package dev.guildhall.transport.netty;

import dev.guildhall.transport.netty.internal.TlsFiles;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that a gateway shows, and what TLS it speaks. Give it to {@link NettyTransportBuilder#tls}; keep it to renew the
 * certificate while the gateway runs.
 *
 * <p>From files, TLS 1.2 and 1.3 are spoken, with Netty's choice of ciphers: by the JDK's own provider, or by OpenSSL if the application has
 * {@code netty-tcnative} on its class path. For anything else, such as certificates of clients, make a context of your own.
 *
 * <p>Usable from any thread, and by several gateways. Connections take the context when they are accepted and keep it.
 */
public final class GatewayTls {
    private final @Nullable TlsFiles files;
    private volatile SslContext context;

    private GatewayTls(@Nullable TlsFiles files, SslContext context) {
        this.files = files;
        this.context = context;
    }

    /**
     * A certificate and its key in PEM files. Reads them, so it blocks.
     *
     * @param certificates the server's certificate and after it those that lead to a root
     * @param privateKey its private key (PKCS #8), not encrypted
     * @return to be given to a gateway
     * @throws IOException if a file cannot be read, does not hold what it should, or the key is not the certificate's; the message says
     *     which and why
     */
    public static GatewayTls pem(Path certificates, Path privateKey) throws IOException {
        return of(TlsFiles.pem(certificates, privateKey));
    }

    /**
     * A certificate and its key in a PKCS #12 file. Reads it, so it blocks.
     *
     * @param keyStore holds one private key with its certificates
     * @param password of the file and the key; it is copied and kept for {@link #reload}
     * @return to be given to a gateway
     * @throws IOException if the file cannot be read, the password is wrong, or it holds no private key; the message says which and why
     */
    public static GatewayTls pkcs12(Path keyStore, char[] password) throws IOException {
        return of(TlsFiles.pkcs12(keyStore, password));
    }

    /**
     * The application's own.
     *
     * @param context for servers; the application owns it, and releases it if it is reference-counted
     * @return to be given to a gateway
     * @throws IllegalArgumentException if it is for clients
     */
    public static GatewayTls of(SslContext context) {
        return new GatewayTls(null, requireServer(context));
    }

    private static GatewayTls of(TlsFiles files) throws IOException {
        return new GatewayTls(files, files.read());
    }

    /**
     * Reads the files again, which have been renewed. Connections accepted from now on get the new certificate, those that exist keep
     * theirs. Blocks.
     *
     * @throws IOException if they are not good, as when they were read first; the certificate that was used so far stays
     * @throws IllegalStateException if there are no files, since the context is the application's
     */
    public void reload() throws IOException {
        TlsFiles present = files;
        if (present == null) {
            throw new IllegalStateException("there are no files to reload; use replace");
        }
        synchronized (present) { // whoever reads last is last to set
            context = present.read();
        }
    }

    /**
     * Uses another context for the connections that are accepted from now on.
     *
     * @param next as in {@link #of(SslContext)}
     * @throws IllegalArgumentException if it is for clients
     * @throws IllegalStateException if the context comes from files
     */
    public void replace(SslContext next) {
        if (files != null) {
            throw new IllegalStateException("the certificate is read from files; use reload");
        }
        context = requireServer(next);
    }

    /**
     * What new connections get.
     *
     * @return the context in use
     */
    public SslContext context() {
        return context;
    }

    private static SslContext requireServer(SslContext context) {
        if (!Objects.requireNonNull(context, "context").isServer()) {
            throw new IllegalArgumentException("context must be for servers, was for clients");
        }
        return context;
    }

    /** Names the files; there is nothing secret in it. */
    @Override
    public String toString() {
        return "GatewayTls[" + (files == null ? "the application's context" : files) + "]";
    }
}
