package dev.guildhall.transport.netty.internal;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of IP networks. Immutable. */
public final class Networks {
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    private final List<IpSubnetFilterRule> rules;

    private Networks(List<IpSubnetFilterRule> rules) {
        this.rules = rules;
    }

    /**
     * Reads networks.
     *
     * @param name of the option they were given to, for the message
     * @param networks each an address, or an address, a slash and a number of bits
     * @throws IllegalArgumentException if one is something else
     */
    public static Networks of(String name, List<String> networks) {
        return new Networks(
                networks.stream().map(network -> rule(name, network)).toList());
    }

    /** Netty's rule would look a name up. */
    private static IpSubnetFilterRule rule(String name, String network) {
        int slash = network.indexOf('/');
        InetAddress address =
                NetUtil.createInetAddressFromIpAddressString(slash < 0 ? network : network.substring(0, slash));
        if (address != null) {
            int most = address.getAddress().length == 4 ? IPV4_BITS : IPV6_BITS;
            try {
                int bits = slash < 0 ? most : Integer.parseInt(network, slash + 1, network.length(), 10);
                if (bits >= 0 && bits <= most) {
                    return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
                }
            } catch (NumberFormatException e) {
                // said below
            }
        }
        throw new IllegalArgumentException(
                name + " must hold addresses, or networks such as 10.0.0.0/8 or fd00::/8, was \"" + network + "\"");
    }

    boolean isEmpty() {
        return rules.isEmpty();
    }

    boolean contain(@Nullable InetAddress address) {
        if (address == null) {
            return false;
        }
        InetSocketAddress asked = new InetSocketAddress(address, 0);
        return rules.stream().anyMatch(rule -> rule.matches(asked));
    }

    @Override
    public String toString() {
        return "Networks[" + rules.size() + "]";
    }
}
