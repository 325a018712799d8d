package dev.guildhall.bench.load;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The addresses that connections come from, by turns: a server often allows each address so many only, and has so many ports for it. */
final class SourceAddresses {
    static final int MOST = 4_096;
    private static final Pattern RANGE =
            Pattern.compile("(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})\\.(\\d{1,3})-(?:\\1\\.)?(\\d{1,3})");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private SourceAddresses() {}

    /**
     * Reads {@code 127.0.0.1-127.0.0.20, 127.0.1.1}.
     *
     * @throws LoadException if something is neither an address nor a range within the last number
     */
    static List<InetAddress> parse(String text) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part.strip());
            if (range.matches()) {
                int from = Integer.parseInt(range.group(2));
                int to = Integer.parseInt(range.group(3));
                if (from > to) {
                    throw wrong(text);
                }
                for (int last = from; last <= to; last++) {
                    addresses.add(address(range.group(1) + "." + last, text));
                }
            } else {
                addresses.add(address(part.strip(), text));
            }
        }
        if (addresses.size() > MOST) {
            throw wrong(text);
        }
        return List.copyOf(addresses);
    }

    private static InetAddress address(String literal, String text) {
        try {
            if (ADDRESS.matcher(literal).matches()) {
                return InetAddress.getByName(literal); // a literal, which is not looked up
            }
        } catch (UnknownHostException e) {
            // As any other text.
        }
        throw wrong(text);
    }

    private static LoadException wrong(String text) {
        return new LoadException("connect.source-addresses must be up to " + MOST
                + " addresses such as '127.0.0.1-127.0.0.20, 10.0.0.5', was '" + text + "'");
    }
}
