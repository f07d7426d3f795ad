package fetch

import "net/netip"

// linkLocal is whose addresses are not dialled whoever names their host: no document
// stands there, clouds keep the machine's credentials there, and where a name leads
// is decided by whoever has its domain.
const linkLocal = "a link-local"

// refused are the blocks that no document of the web stands in, with the name
// that a message gives them (IANA's special-purpose address registries,
// RFC 6890 and its successors).
func refusedBlocks() []block {
	return []block{
		{"0.0.0.0/8", "this host's own"},         // RFC 791
		{"10.0.0.0/8", "a private network's"},    // RFC 1918
		{"100.64.0.0/10", "a carrier's network"}, // RFC 6598, CGNAT
		{"127.0.0.0/8", "this machine's own"},    // RFC 1122
		{"169.254.0.0/16", linkLocal},            // RFC 3927; clouds keep credentials there
		{"172.16.0.0/12", "a private network's"}, // RFC 1918
		{"192.0.0.0/24", "reserved"},             // RFC 6890
		{"192.0.2.0/24", "documentation's"},      // RFC 5737
		{"192.88.99.0/24", "a 6to4 relay's"},     // RFC 7526
		{"192.168.0.0/16", "a private network's"},
		{"198.18.0.0/15", "a test network's"}, // RFC 2544
		{"198.51.100.0/24", "documentation's"},
		{"203.0.113.0/24", "documentation's"},
		{"224.0.0.0/4", "multicast"},              // RFC 5771
		{"240.0.0.0/4", "reserved"},               // RFC 1112, with broadcast
		{"::/96", "this machine's own"},           // RFC 4291: unspecified, loopback, IPv4-compatible
		{"64:ff9b:1::/48", "a private network's"}, // RFC 8215, local NAT64
		{"100::/64", "discarded"},                 // RFC 6666
		{"2001::/23", "reserved"},                 // RFC 2928: Teredo, ORCHID, benchmarks
		{"2001:db8::/32", "documentation's"},
		{"3fff::/20", "documentation's"}, // RFC 9637
		{"5f00::/16", "reserved"},        // RFC 9602
		{"fd00:ec2::254/128", linkLocal}, // where a cloud keeps credentials, too
		{"fc00::/7", "a private network's"},
		{"fe80::/10", linkLocal},
		{"fec0::/10", "a private network's"}, // RFC 3879
		{"ff00::/8", "multicast"},
	}
}

type block struct{ prefix, what string }

// translated are the blocks whose addresses hold an IPv4 address, with the
// byte that it begins at.
func translatedBlocks() []translation {
	return []translation{
		{"::ffff:0:0:0/96", 12}, // RFC 2765, SIIT
		{"64:ff9b::/96", 12},    // RFC 6052, NAT64
		{"2002::/16", 2},        // RFC 3056, 6to4
	}
}

type translation struct {
	prefix string
	at     int
}

// blocks are the tables, parsed once a client.
type blocks struct {
	refused    []netip.Prefix
	what       []string
	translated []netip.Prefix
	at         []int
}

func newBlocks() *blocks {
	b := &blocks{}
	for _, r := range refusedBlocks() {
		b.refused = append(b.refused, netip.MustParsePrefix(r.prefix))
		b.what = append(b.what, r.what)
	}
	for _, t := range translatedBlocks() {
		b.translated = append(b.translated, netip.MustParsePrefix(t.prefix))
		b.at = append(b.at, t.at)
	}
	return b
}

// private says whose an address is that no document of the web stands at;
// empty for those of the web. IPv4 addresses inside IPv6 ones are looked into.
func (b *blocks) private(ip netip.Addr) string {
	ip = ip.WithZone("").Unmap()
	for i, p := range b.translated {
		if p.Contains(ip) {
			raw := ip.As16()
			return b.private(netip.AddrFrom4([4]byte(raw[b.at[i] : b.at[i]+4])))
		}
	}
	for i, p := range b.refused {
		if p.Contains(ip) {
			return b.what[i]
		}
	}
	return ""
}
