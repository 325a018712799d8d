package dev.guildhall.transport.netty.internal;

import dev.guildhall.transport.netty.GatewayCompression;
import dev.guildhall.transport.netty.GatewayCompression.Mode;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which form messages have for a client, by what its upgrade request asks for. One per gateway; any event loop, {@code contexts} counts for
 * all of them.
 */
final class Compression {
    private static final Logger LOG = LoggerFactory.getLogger(Compression.class);
    private static final String ZLIB_STREAM = "zlib-stream";
    private static final String ZSTD_STREAM = "zstd-stream";
    private static final int LONGEST_QUOTED = 40;

    private final GatewayCompression options;
    private final Map<MessageEncoding, Forms> forms = new EnumMap<>(MessageEncoding.class);
    private final boolean servesZstd;
    private final AtomicInteger contexts = new AtomicInteger();
    private final FastThreadLocal<Workspace> workspaces = new FastThreadLocal<>() {
        @Override
        protected Workspace initialValue() {
            return new Workspace(options.level());
        }

        @Override
        protected void onRemoval(Workspace workspace) {
            workspace.close();
        }
    };

    /** What connections of one encoding share. */
    private record Forms(
            DispatchEncoding plain, PlainForm none, SharedEncoding perMessage, SharedEncoding zlibStream) {}

    /** The outcome of a look at an upgrade request. */
    sealed interface Choice {
        /**
         * The connection can be set up.
         *
         * @param form to be released when it ends, or if it never begins
         * @param extension what the answer says of extensions, null for nothing
         */
        record Agreed(MessageForm form, @Nullable String extension) implements Choice {}

        /** The client asks for what is not there. */
        record Refused(HttpResponseStatus status, String message) implements Choice {}
    }

    /**
     * @param plain one for each encoding that is served
     */
    Compression(GatewayCompression options, DispatchEncoding... plain) {
        this.options = options;
        for (DispatchEncoding each : plain) {
            forms.put(
                    each.encoding(),
                    new Forms(
                            each,
                            new PlainForm(each),
                            shared(DeflateWire.PER_MESSAGE_DEFLATE, each),
                            shared(DeflateWire.ZLIB_STREAM, each)));
        }
        this.servesZstd = options.zstdStream() && hasZstd();
    }

    private SharedEncoding shared(DeflateWire wire, DispatchEncoding plain) {
        return new SharedEncoding(wire, plain, options.thresholdBytes(), workspaces::get);
    }

    private Forms of(MessageEncoding encoding) {
        return Objects.requireNonNull(forms.get(encoding));
    }

    private static boolean hasZstd() {
        try {
            ZstdContext.requireLibrary();
            return true;
        } catch (LinkageError e) {
            LOG.debug("{} is not served: zstd-jni is not there, or does not load", ZSTD_STREAM, e);
            return false;
        }
    }

    /** The encodings that are served, in the order in which clients are told of them. */
    Set<MessageEncoding> encodings() {
        return forms.keySet();
    }

    DispatchEncoding json() {
        return of(MessageEncoding.JSON).plain;
    }

    /** The form of messages that are not compressed. */
    MessageForm none() {
        return of(MessageEncoding.JSON).none;
    }

    /** Connections that have a compressor of their own. */
    int contexts() {
        return contexts.get();
    }

    /**
     * On the connection's event loop.
     *
     * @param encoding one of {@link #encodings}
     * @param asked the values of the query's {@code compress}
     */
    Choice choose(MessageEncoding encoding, List<String> asked, HttpHeaders headers) {
        Forms shared = of(encoding);
        if (asked.isEmpty()) {
            DeflateOffer offer = options.perMessageDeflate() == Mode.OFF
                    ? null
                    : DeflateOffer.firstOf(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
            return offer == null ? new Choice.Agreed(shared.none, null) : perMessage(shared, offer);
        }
        List<String> served = served();
        for (String value : asked) {
            if (!served.contains(value) || !value.equals(asked.getFirst())) {
                return new Choice.Refused(HttpResponseStatus.BAD_REQUEST, refusal(value, served));
            }
        }
        return asked.getFirst().equals(ZSTD_STREAM) ? zstd(shared) : new Choice.Agreed(zlib(shared), null);
    }

    private List<String> served() {
        List<String> served = new ArrayList<>();
        if (options.zlibStream() != Mode.OFF) {
            served.add(ZLIB_STREAM);
        }
        if (servesZstd) {
            served.add(ZSTD_STREAM);
        }
        return served;
    }

    private static String refusal(String value, List<String> served) {
        String readable = value.replaceAll("[^A-Za-z0-9._-]", "?");
        String shown = readable.length() > LONGEST_QUOTED ? readable.substring(0, LONGEST_QUOTED) : readable;
        return "compress must be " + (served.isEmpty() ? "absent" : String.join(" or ", served) + ", once or absent")
                + ", was " + (shown.isEmpty() ? "empty" : shown);
    }

    private Choice perMessage(Forms shared, DeflateOffer offer) {
        boolean own = options.perMessageDeflate() == Mode.PER_CONNECTION && !offer.withoutTakeover() && tryEnter();
        MessageForm form = own ? deflate(shared, DeflateWire.PER_MESSAGE_DEFLATE) : new SharedForm(shared.perMessage);
        return new Choice.Agreed(form, offer.accepted(own));
    }

    private MessageForm zlib(Forms shared) {
        return options.zlibStream() == Mode.PER_CONNECTION && tryEnter()
                ? deflate(shared, DeflateWire.ZLIB_STREAM)
                : new SharedForm(shared.zlibStream);
    }

    private Choice zstd(Forms shared) {
        return tryEnter()
                ? new Choice.Agreed(own(shared, null, new ZstdContext(options.level(), options.windowBits())), null)
                : new Choice.Refused(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "too many connections with compress=" + ZSTD_STREAM + " or the like");
    }

    private MessageForm deflate(Forms shared, DeflateWire wire) {
        MessageCompressor compressor = options.windowBits() == GatewayCompression.MAX_WINDOW_BITS
                ? new DeflateContext(options.level())
                : new DeflateWindow(workspaces.get(), options.windowBits());
        return own(shared, wire, compressor);
    }

    private MessageForm own(Forms shared, @Nullable DeflateWire wire, MessageCompressor compressor) {
        return new ContextForm(
                shared.plain, wire, compressor, workspaces.get(), options.thresholdBytes(), contexts::decrementAndGet);
    }

    private boolean tryEnter() {
        if (contexts.incrementAndGet() <= options.maxContexts()) {
            return true;
        }
        contexts.decrementAndGet();
        return false;
    }

    @Override
    public String toString() {
        return options + ", " + contexts + " contexts";
    }
}
