/**
 * A WebSocket gateway for the engine: {@link dev.guildhall.transport.netty.NettyTransport} accepts connections, speaks the
 * gateway protocol of version 10 in JSON, and makes each Netty event loop a lane.
 *
 * <p>The application brings an {@link dev.guildhall.transport.netty.Authenticator} and, as it needs them, a
 * {@link dev.guildhall.transport.netty.GatewayListener}, handlers of client opcodes and encoders of event types.
 * {@link dev.guildhall.transport.netty.GatewayHandler} puts a gateway into a Netty server that is there already.
 */
@NullMarked
package dev.guildhall.transport.netty;

import org.jspecify.annotations.NullMarked;
