package dev.guildhall.transport.netty.internal;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProtocols;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;

/** Where a certificate and its key come from. What is read is tried before anybody gets it. Any thread. */
public final class TlsFiles {

    /** Reads the files. */
    @FunctionalInterface
    private interface Source {
        SslContextBuilder open() throws IOException, GeneralSecurityException;
    }

    private final String name;
    private final Source source;

    private TlsFiles(String name, Source source) {
        this.name = name;
        this.source = source;
    }

    /** A chain of certificates and a key, each in its file. */
    public static TlsFiles pem(Path certificates, Path privateKey) {
        Objects.requireNonNull(certificates, "certificates");
        Objects.requireNonNull(privateKey, "privateKey");
        return new TlsFiles("certificate " + certificates + ", key " + privateKey, () -> {
            try (InputStream chain = Files.newInputStream(certificates);
                    InputStream key = Files.newInputStream(privateKey)) {
                return SslContextBuilder.forServer(chain, key);
            }
        });
    }

    /** Both in one file. */
    public static TlsFiles pkcs12(Path keyStore, char[] password) {
        Objects.requireNonNull(keyStore, "keyStore");
        char[] secret = password.clone();
        return new TlsFiles("key store " + keyStore, () -> {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(keyStore)) {
                store.load(in, secret);
            }
            requireKey(store);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, secret);
            return SslContextBuilder.forServer(keys);
        });
    }

    private static void requireKey(KeyStore store) throws GeneralSecurityException, IOException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                return;
            }
        }
        throw new IOException("it holds no private key");
    }

    /**
     * Reads them now, and tries what they hold with a client in memory, since a key that is not the certificate's would otherwise be noticed
     * by each client.
     *
     * @throws IOException says which files, and why
     */
    public SslContext read() throws IOException {
        try {
            SslContext context = source.open()
                    .protocols(SslProtocols.TLS_v1_3, SslProtocols.TLS_v1_2)
                    .build();
            TlsTrial.run(context);
            return context;
        } catch (NoSuchFileException e) {
            throw new IOException("TLS cannot use " + name + ": there is no file " + e.getFile(), e);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IOException("TLS cannot use " + name + ": " + reason(e), e);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        String own = Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getSimpleName());
        return cause == null || cause.getMessage() == null || own.contains(cause.getMessage())
                ? own
                : own + " (" + cause.getMessage() + ")";
    }

    @Override
    public String toString() {
        return name;
    }
}
