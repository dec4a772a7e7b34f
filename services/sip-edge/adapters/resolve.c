/*
 * resolve.c - host names to addresses: NAPTR, SRV, A and AAAA, asynchronously
 *
 *     NAPTR ─► SRV (UDP, then TCP) ─► for each target A, AAAA ─► one that is up
 */
#include "resolve.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include <netinet/in.h>

#define SRES_CONTEXT_T struct lookup
struct lookup;

#include <sofia-resolv/sres.h>
#include <sofia-resolv/sres_record.h>
#include <sofia-sip/sresolv.h>

#include "core/outages.h"
#include "core/targets.h"
#include "hosts.h"
#include "loop/loop.h"
#include "nameservers.h"

enum { PREFIX = 16 }; /* "_sips._tcp." */

struct lookup {
	struct resolver *resolver;
	char name[PREFIX + RESOLVE_NAME_MAX + 1]; /* being asked for */
	char host[RESOLVE_NAME_MAX + 1];          /* of the URI      */
	uint16_t type;                            /* being asked for */
	enum transport transport;
	bool free_transport; /* the URI does not say it: DNS may */
	bool ipv6, tls;
	uint64_t key;
	struct targets targets;
	size_t at;               /* the target whose addresses are asked for */
	struct address fallback; /* the answer, if none better; port 0 = none */
	sres_query_t *query;
	resolve_h *handler;
	void *arg;
	struct lookup *next, *prev;
};

struct resolver {
	sres_resolver_t *sres;
	const struct outages *outages; /* borrowed */
	struct lookup *lookups;
	size_t n;
};

int resolver_alloc(struct resolver **rp, struct loop *loop,
                   const struct outages *outages)
{
	struct resolver *r = calloc(1, sizeof(*r));

	if (!r)
		return ENOMEM;
	r->sres = sres_resolver_create(loop_su_root(loop), NULL, TAG_END());
	if (!r->sres) {
		free(r);
		return ENOMEM;
	}
	r->outages = outages;
	*rp = r;
	return 0;
}

static void forget(struct lookup *l)
{
	struct resolver *r = l->resolver;

	if (l->query)
		sres_query_bind(l->query, NULL, NULL);
	if (l->prev)
		l->prev->next = l->next;
	else
		r->lookups = l->next;
	if (l->next)
		l->next->prev = l->prev;
	r->n--;
	free(l);
}

void resolver_free(struct resolver *r)
{
	if (!r)
		return;
	while (r->lookups) {
		struct lookup *l = r->lookups;

		r->lookups = l->next;
		if (l->query)
			sres_query_bind(l->query, NULL, NULL);
		free(l);
	}
	sres_resolver_destroy(r->sres);
	free(r);
}

static void finish(struct lookup *l)
{
	resolve_h *handler = l->handler;
	struct address address = l->fallback;
	enum transport transport = l->transport;
	void *arg = l->arg;

	forget(l);
	handler(arg, address.port ? 0 : ENOENT, &address, transport);
}

static bool usable(const sres_record_t *rr, uint16_t type)
{
	return rr->sr_record->r_status == SRES_OK &&
	       rr->sr_record->r_type == type &&
	       rr->sr_record->r_class == sres_class_in;
}

static uint16_t port_of(enum transport transport)
{
	return transport == TRANSPORT_TLS ? 5061 : 5060;
}

/* --- what is asked next ------------------------------------------------------ */

static void ask_for(struct lookup *l, uint16_t type, const char *prefix,
                    const char *name)
{
	l->type = type;
	(void)snprintf(l->name, sizeof(l->name), "%s%s", prefix, name);
}

static void ask_srv(struct lookup *l)
{
	static const char *const services[] = {
		[TRANSPORT_UDP] = "_sip._udp.",
		[TRANSPORT_TCP] = "_sip._tcp.",
		[TRANSPORT_TLS] = "_sips._tcp.",
	};

	ask_for(l, sres_type_srv, services[l->transport], l->host);
}

/* The addresses of the present target. @return false: there are no more */
static bool ask_address(struct lookup *l)
{
	if (l->at == l->targets.n)
		return false;
	ask_for(l, sres_type_a, "", l->targets.v[l->at].host);
	return true;
}

/* --- what was answered: each returns false when the look-up is over ---------- */

static bool naptr_fits(const struct lookup *l, const sres_naptr_record_t *na,
                       enum transport *transport)
{
	static const struct {
		const char *services;
		enum transport transport;
	} rows[] = {{"SIP+D2U", TRANSPORT_UDP},
	            {"SIP+D2T", TRANSPORT_TCP},
	            {"SIPS+D2T", TRANSPORT_TLS}};

	if (!na->na_flags || strcasecmp(na->na_flags, "s") != 0 ||
	    !na->na_services || !na->na_replace ||
	    strlen(na->na_replace) > RESOLVE_NAME_MAX)
		return false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		*transport = rows[i].transport;
		if (strcasecmp(na->na_services, rows[i].services) == 0)
			return *transport != TRANSPORT_TLS || l->tls;
	}
	return false;
}

/* RFC 3263 4.1: the first by order and preference whose transport we have */
static bool took_naptr(struct lookup *l, sres_record_t *const *answers)
{
	const sres_naptr_record_t *best = NULL;
	enum transport transport, chosen = TRANSPORT_UDP;

	for (size_t i = 0; answers && answers[i]; i++) {
		const sres_naptr_record_t *na = answers[i]->sr_naptr;

		if (!usable(answers[i], sres_type_naptr) ||
		    !naptr_fits(l, na, &transport))
			continue;
		if (best && (na->na_order > best->na_order ||
		             (na->na_order == best->na_order &&
		              na->na_prefer >= best->na_prefer)))
			continue;
		best = na;
		chosen = transport;
	}
	l->transport = chosen;
	if (!best) {
		ask_srv(l);
		return true;
	}
	l->free_transport = false;
	ask_for(l, sres_type_srv, "", best->na_replace);
	return true;
}

static bool took_srv(struct lookup *l, sres_record_t *const *answers)
{
	for (size_t i = 0; answers && answers[i]; i++) {
		const sres_srv_record_t *srv = answers[i]->sr_srv;

		if (usable(answers[i], sres_type_srv))
			targets_add(&l->targets, srv->srv_target, srv->srv_port,
			            srv->srv_priority, srv->srv_weight);
	}
	if (l->targets.n == 0 && l->free_transport &&
	    l->transport == TRANSPORT_UDP) {
		l->transport = TRANSPORT_TCP;
		ask_srv(l);
		return true;
	}
	if (l->targets.n == 0) {
		if (l->free_transport)
			l->transport = TRANSPORT_UDP;
		targets_add(&l->targets, l->host, port_of(l->transport), 0, 0);
	}
	targets_order(&l->targets, l->key);
	return ask_address(l);
}

static struct address read_address(const sres_record_t *rr, uint16_t port)
{
	struct address to = {.port = port};
	uint8_t ip[4];

	if (rr->sr_record->r_type == sres_type_a) {
		memcpy(ip, &rr->sr_a->a_addr, sizeof(ip));
		return address_ipv4(ip, port);
	}
	memcpy(to.ip, rr->sr_aaaa->aaaa_addr.u6_addr, sizeof(to.ip));
	return to;
}

/* The first address that is up; one that is down only when all are. */
static bool took_address(struct lookup *l, sres_record_t *const *answers)
{
	for (size_t i = 0; answers && answers[i]; i++) {
		struct address to;

		if (!usable(answers[i], l->type))
			continue;
		to = read_address(answers[i], l->targets.v[l->at].port);
		if (!outages_has(l->resolver->outages, &to, loop_now_ms())) {
			l->fallback = to;
			return false;
		}
		if (!l->fallback.port)
			l->fallback = to;
	}
	if (l->type == sres_type_a && l->ipv6) {
		ask_for(l, sres_type_aaaa, "", l->targets.v[l->at].host);
		return true;
	}
	l->at++;
	return ask_address(l);
}

/* @return false when the look-up is over and gone */
static bool took(struct lookup *l, sres_record_t *answers[])
{
	sres_resolver_t *sres = l->resolver->sres;
	bool more;

	if (answers)
		sres_sort_answers(sres, answers);
	switch (l->type) {
	case sres_type_naptr: more = took_naptr(l, answers); break;
	case sres_type_srv: more = took_srv(l, answers); break;
	default: more = took_address(l, answers); break;
	}
	if (answers)
		sres_free_answers(sres, answers);
	if (!more)
		finish(l);
	return more;
}

static void on_answers(struct lookup *l, sres_query_t *query,
                       sres_record_t *answers[]);

/* Ask until the cache knows no more. Without a way to ask, nothing is known. */
static void ask(struct lookup *l)
{
	sres_resolver_t *sres = l->resolver->sres;
	sres_record_t **cached;

	do {
		cached = sres_cached_answers(sres, l->type, l->name);
		if (!cached && nameservers_reachable())
			l->query = sres_query(sres, on_answers, l, l->type,
			                      l->name);
		if (l->query)
			return;
	} while (took(l, cached));
}

static void on_answers(struct lookup *l, sres_query_t *query,
                       sres_record_t *answers[])
{
	(void)query;
	l->query = NULL;
	if (took(l, answers))
		ask(l);
}

static void start(struct resolver *r, struct lookup *l,
                  const struct resolve_req *req)
{
	l->resolver = r;
	memcpy(l->host, req->name.p, req->name.n);
	l->transport = req->transport;
	l->free_transport = req->free_transport && !req->port;
	l->ipv6 = req->ipv6;
	l->tls = req->tls;
	l->key = req->key;
	l->next = r->lookups;
	if (l->next)
		l->next->prev = l;
	r->lookups = l;
	r->n++;
	if (req->port) {
		targets_add(&l->targets, l->host, req->port, 0, 0);
		(void)ask_address(l);
	} else if (l->free_transport) {
		ask_for(l, sres_type_naptr, "", l->host);
	} else {
		ask_srv(l);
	}
	ask(l);
}

int resolve(struct resolver *r, const struct resolve_req *req,
            resolve_h *handler, void *arg)
{
	struct address to;
	struct lookup *l;

	if (r->n >= RESOLVE_MAX)
		return ENOBUFS;
	if (req->name.n == 0 || req->name.n > RESOLVE_NAME_MAX)
		return EINVAL;
	if (hosts_find(req->name, req->ipv6, &to)) {
		to.port = req->port ? req->port : port_of(req->transport);
		handler(arg, 0, &to, req->transport);
		return 0;
	}
	l = calloc(1, sizeof(*l));
	if (!l)
		return ENOMEM;
	l->handler = handler;
	l->arg = arg;
	start(r, l, req);
	return 0;
}
