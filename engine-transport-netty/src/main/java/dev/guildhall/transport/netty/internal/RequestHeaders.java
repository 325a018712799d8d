package dev.guildhall.transport.netty.internal;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;

/**
 * Headers of a request, which is bad if it has a second Content-Length, as RFC 9112 (6.3) wants it. Netty's decoder takes the first of several if
 * the request is of HTTP/1.0, and would wait for a body that does not come.
 */
final class RequestHeaders extends DefaultHttpHeaders {
    /** Makes them for a decoder. */
    static final HttpHeadersFactory FACTORY = new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
            return new RequestHeaders();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
            return DefaultHttpHeadersFactory.headersFactory().newEmptyHeaders();
        }
    };

    private RequestHeaders() {}

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        refuseSecondLength(name);
        return super.add(name, value);
    }

    @Override
    public HttpHeaders add(String name, Object value) {
        refuseSecondLength(name);
        return super.add(name, value);
    }

    private void refuseSecondLength(CharSequence name) {
        if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name) && contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw new IllegalArgumentException("more than one Content-Length");
        }
    }
}
