/** A WebSocket gateway for Guildhall on Netty, whose event loops are the engine's lanes. */
module dev.guildhall.transport.netty {
    requires transitive dev.guildhall.core;
    requires transitive tools.jackson.databind;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.haproxy;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires transitive io.netty.handler;
    requires transitive io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.unix.common;
    requires org.slf4j;
    requires static com.github.luben.zstd_jni;
    requires static tools.jackson.dataformat.cbor;
    requires static transitive org.jspecify;

    exports dev.guildhall.transport.netty;
}
