/*
 * sip_inside.c - who may say where a message came from, and whose call it is
 */
#include "sip_leg.h"

#include <string.h>

#include <sofia-sip/msg_addr.h>

#include "bus/bus.h"

static bool is_at(const struct peer *peer, const char *ip)
{
	const char *port = strrchr(peer->sip, ':');
	bool ip6 = peer->sip[0] == '[';
	const char *host = peer->sip + ip6;
	size_t len = port ? (size_t)(port - host) - ip6 : 0;

	return port && strlen(ip) == len && strncmp(host, ip, len) == 0;
}

bool sip_inside(const struct sip *s, msg_t *msg)
{
	static const char *const services[] = {"sip-edge", "call-controller"};
	const struct peers *peers = bus_peers(s->app->bus);
	const struct peer self = {.sip = s->address}, *p;
	char ip[SIP_SOURCE_SIZE] = "";

	(void)su_inet_ntop(msg_addr(msg)->su_family, SU_ADDR(msg_addr(msg)), ip,
	                   sizeof(ip));
	if (is_at(&self, ip))
		return true;
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; (p = peers_nth(peers, services[k], i)); i++)
			if (is_at(p, ip))
				return true;
	return false;
}
