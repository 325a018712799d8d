package dev.guildhall.transport.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Stands between clients and a gateway: cuts connections, lets clients wait before it connects them, and leads them elsewhere. */
final class Relay implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int port;

    /** Leads nowhere until it is told where to. */
    Relay() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/gateway");
    }

    /** Where the next clients are led, and those that wait. */
    void leadTo(int gatewayPort) {
        lock.lock();
        try {
            port = gatewayPort;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next clients wait. */
    void hold() {
        leadTo(0);
    }

    /** All connections end at once. */
    void cut() {
        open.forEach(Relay::close);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) {
        try {
            Socket gateway = new Socket();
            open.add(gateway);
            gateway.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), nextPort()));
            Thread.ofVirtual().start(() -> pump(client, gateway));
            pump(gateway, client);
        } catch (IOException e) {
            close(client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int nextPort() throws InterruptedException {
        lock.lock();
        try {
            while (port == 0) {
                changed.await();
            }
            return port;
        } finally {
            lock.unlock();
        }
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of them has ended, and so does the other
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
