package dev.guildhall.examples.chat;

import java.net.BindException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;

/** Says in one line for a person why a start failed. */
final class Failures {
    private static final int DATABASE_IN_USE = 90_020;

    /** Netty's epoll does not throw a BindException. */
    private static final String EPOLLS_BIND_FAILURE = "Address already in use";

    private Failures() {}

    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (true) {
            if (cause instanceof BindException
                    || String.valueOf(cause.getMessage()).contains(EPOLLS_BIND_FAILURE)) {
                return "a port is in use, choose others with --port and --gateway-port (" + failure.getMessage() + ")";
            }
            if (cause instanceof SQLException sql && sql.getErrorCode() == DATABASE_IN_USE) {
                return "the data folder is in use by another server, choose another with --data";
            }
            if (cause instanceof FileSystemException file) {
                return "the data folder cannot be made: " + file.getMessage();
            }
            Throwable next = cause.getCause();
            if (next == null) {
                return cause.getMessage() == null ? cause.toString() : cause.getMessage();
            }
            cause = next;
        }
    }
}
