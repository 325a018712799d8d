package dev.guildhall.transport.netty;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Certificates for this machine, in the files that a gateway reads. */
record Certificates(Path chain, Path key, Path keyStore) {
    static final String PASSWORD = "changeit";

    static Certificates in(Path folder) {
        return new Certificates(folder.resolve("chain.pem"), folder.resolve("key.pem"), folder.resolve("store.p12"));
    }

    static X509Bundle create() throws Exception {
        return new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .addSanIpAddress(InetAddress.getLoopbackAddress())
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** Writes all files with a certificate. */
    void write(X509Bundle bundle) throws Exception {
        Files.writeString(chain, bundle.getCertificatePathPEM());
        Files.writeString(key, bundle.getPrivateKeyPEM());
        try (var out = Files.newOutputStream(keyStore)) {
            bundle.toKeyStore(PASSWORD.toCharArray()).store(out, PASSWORD.toCharArray());
        }
    }

    static SSLContext trusting(X509Bundle bundle) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, bundle.toTrustManagerFactory().getTrustManagers(), null);
        return context;
    }

    /** A connection that believes whatever it is shown, after the handshake. */
    static SSLSocket connect(int port) throws Exception {
        return connect(port, "");
    }

    /** Says something in plain text before that. */
    static SSLSocket connect(int port, String before) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.getOutputStream().write(before.getBytes(StandardCharsets.US_ASCII));
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    /** What a server shows. */
    static X509Certificate shownBy(int port) throws Exception {
        try (SSLSocket socket = connect(port)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}
