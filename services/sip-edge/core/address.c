/*
 * address.c - transport addresses, as data, and which of them may be called
 *
 * Pure: no I/O, no clock, no log.
 */
#include "address.h"

#include <arpa/inet.h>
#include <stdio.h>

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

struct address address_ipv4(const uint8_t ip[4], uint16_t port)
{
	struct address a = {.port = port};

	memcpy(a.ip, mapped, sizeof(mapped));
	memcpy(a.ip + 12, ip, 4);
	return a;
}

bool address_is_ipv4(const struct address *a)
{
	return memcmp(a->ip, mapped, sizeof(mapped)) == 0;
}

bool address_same_ip(const struct address *a, const struct address *b)
{
	return memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

bool address_same(const struct address *a, const struct address *b)
{
	return a->port == b->port && address_same_ip(a, b);
}

bool address_parse_ip(struct address *a, struct slice text)
{
	char buf[INET6_ADDRSTRLEN];
	uint8_t ip[16];

	if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = (struct slice){text.p + 1, text.n - 2};
	if (text.n == 0 || text.n >= sizeof(buf))
		return false;
	memcpy(buf, text.p, text.n);
	buf[text.n] = '\0';
	if (inet_pton(AF_INET, buf, ip) == 1) {
		*a = address_ipv4(ip, 0);
		return true;
	}
	if (inet_pton(AF_INET6, buf, ip) != 1)
		return false;
	*a = (struct address){.port = 0};
	memcpy(a->ip, ip, sizeof(a->ip));
	return true;
}

bool address_parse(struct address *a, struct slice text)
{
	size_t colon = text.n;
	uint32_t port = 0;

	while (colon > 0 && text.p[colon - 1] != ':')
		colon--;
	if (colon < 2 || !slice_number(slice_from(text, colon), 65535, &port) ||
	    !address_parse_ip(a, (struct slice){text.p, colon - 1}))
		return false;
	a->port = (uint16_t)port;
	return true;
}

const char *address_print_ip(const struct address *a,
                             char out[ADDRESS_TEXT_SIZE])
{
	char buf[INET6_ADDRSTRLEN];

	if (address_is_ipv4(a)) {
		(void)snprintf(out, ADDRESS_TEXT_SIZE, "%u.%u.%u.%u", a->ip[12],
		               a->ip[13], a->ip[14], a->ip[15]);
		return out;
	}
	(void)inet_ntop(AF_INET6, a->ip, buf, sizeof(buf));
	(void)snprintf(out, ADDRESS_TEXT_SIZE, "[%s]", buf);
	return out;
}

const char *address_print(const struct address *a, char out[ADDRESS_TEXT_SIZE])
{
	char ip[ADDRESS_TEXT_SIZE];

	(void)snprintf(out, ADDRESS_TEXT_SIZE, "%.47s:%u",
	               address_print_ip(a, ip), a->port);
	return out;
}

static bool add_net(struct address_nets *nets, struct slice text)
{
	size_t slash = slice_find(text, '/');
	struct address a;
	uint32_t bits = 128;
	uint32_t base;

	if (nets->n == ADDRESS_NETS_MAX ||
	    !address_parse_ip(&a, (struct slice){text.p, slash}))
		return false;
	base = address_is_ipv4(&a) ? 96 : 0;
	if (slash < text.n) {
		if (!slice_number(slice_from(text, slash + 1), 128 - base,
		                  &bits))
			return false;
		bits += base;
	}
	memcpy(nets->v[nets->n].ip, a.ip, sizeof(a.ip));
	nets->v[nets->n++].bits = (uint8_t)bits;
	return true;
}

bool address_nets_parse(struct address_nets *nets, struct slice text)
{
	nets->n = 0;
	while (text.n > 0) {
		size_t n = 0;

		while (n < text.n && text.p[n] != ' ' && text.p[n] != ',')
			n++;
		if (n > 0 && !add_net(nets, (struct slice){text.p, n}))
			return false;
		text = slice_from(text, n < text.n ? n + 1 : n);
	}
	return true;
}

static bool inside(const uint8_t ip[16], const uint8_t net[16], unsigned bits)
{
	unsigned whole = bits / 8;
	unsigned mask = 0xff00U >> (bits % 8);

	if (memcmp(ip, net, whole) != 0)
		return false;
	return bits % 8 == 0 || ((ip[whole] ^ net[whole]) & mask & 0xff) == 0;
}

bool address_nets_have(const struct address_nets *nets, const struct address *a)
{
	for (size_t i = 0; i < nets->n; i++) {
		if (inside(a->ip, nets->v[i].ip, nets->v[i].bits))
			return true;
	}
	return false;
}

bool address_private(const struct address *a)
{
	static const struct {
		uint8_t ip[4];
		uint8_t bits;
	} nets4[] = {
		{{0, 0, 0, 0}, 8},       {{10, 0, 0, 0}, 8},
		{{100, 64, 0, 0}, 10},   {{127, 0, 0, 0}, 8},
		{{169, 254, 0, 0}, 16},  {{172, 16, 0, 0}, 12},
		{{192, 0, 0, 0}, 24},    {{192, 0, 2, 0}, 24},
		{{192, 168, 0, 0}, 16},  {{198, 18, 0, 0}, 15},
		{{198, 51, 100, 0}, 24}, {{203, 0, 113, 0}, 24},
		{{224, 0, 0, 0}, 3},
	};
	static const uint8_t global[16] = {0x20};
	static const uint8_t documentation[16] = {0x20, 0x01, 0x0d, 0xb8};
	static const uint8_t teredo[16] = {0x20, 0x01};
	static const uint8_t six_to_four[16] = {0x20, 0x02};

	if (address_is_ipv4(a)) {
		for (size_t i = 0; i < sizeof(nets4) / sizeof(nets4[0]); i++) {
			struct address net = address_ipv4(nets4[i].ip, 0);

			if (inside(a->ip, net.ip, 96U + nets4[i].bits))
				return true;
		}
		return false;
	}
	return !inside(a->ip, global, 3) || inside(a->ip, documentation, 32) ||
	       inside(a->ip, teredo, 32) || inside(a->ip, six_to_four, 16);
}
