/*
 * resolve.c - host names to addresses: SRV, A and AAAA, asynchronously
 */
#include "resolve.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <netinet/in.h>

#define SRES_CONTEXT_T struct lookup
struct lookup;

#include <sofia-resolv/sres.h>
#include <sofia-resolv/sres_record.h>
#include <sofia-sip/sresolv.h>

#include "hosts.h"
#include "loop/loop.h"

enum { PREFIX = 16 }; /* "_sips._tcp." */

struct lookup {
	struct resolver *resolver;
	char name[PREFIX + RESOLVE_NAME_MAX + 1]; /* being asked for   */
	char host[RESOLVE_NAME_MAX + 1];          /* whose addresses   */
	uint16_t port;
	uint16_t type; /* SRV, A or AAAA: being asked for */
	bool ipv6;
	sres_query_t *query;
	resolve_h *handler;
	void *arg;
	struct lookup *next, *prev;
};

struct resolver {
	sres_resolver_t *sres;
	struct lookup *lookups;
	size_t n;
};

int resolver_alloc(struct resolver **rp, struct loop *loop)
{
	struct resolver *r = calloc(1, sizeof(*r));

	if (!r)
		return ENOMEM;
	r->sres = sres_resolver_create(loop_su_root(loop), NULL, TAG_END());
	if (!r->sres) {
		free(r);
		return ENOMEM;
	}
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

static void finish(struct lookup *l, int err, const struct address *to)
{
	resolve_h *handler = l->handler;
	void *arg = l->arg;

	forget(l);
	handler(arg, err, to);
}

static bool usable(const sres_record_t *rr, uint16_t type)
{
	return rr && rr->sr_record->r_status == SRES_OK &&
	       rr->sr_record->r_type == type &&
	       rr->sr_record->r_class == sres_class_in;
}

/* The first that is of use: Sofia has sorted them by priority and weight. */
static const sres_record_t *first(sres_record_t *const *answers, uint16_t type)
{
	for (size_t i = 0; answers && answers[i]; i++) {
		if (usable(answers[i], type))
			return answers[i];
	}
	return NULL;
}

static void on_srv(struct lookup *l, const sres_record_t *rr)
{
	if (rr) {
		(void)snprintf(l->host, sizeof(l->host), "%s",
		               rr->sr_srv->srv_target);
		l->port = rr->sr_srv->srv_port;
	}
	l->type = sres_type_a;
	(void)snprintf(l->name, sizeof(l->name), "%s", l->host);
}

static void on_address(struct lookup *l, const sres_record_t *rr)
{
	struct address to = {.port = l->port};

	if (l->type == sres_type_a) {
		uint8_t ip[4];

		memcpy(ip, &rr->sr_a->a_addr, sizeof(ip));
		to = address_ipv4(ip, l->port);
	} else {
		memcpy(to.ip, rr->sr_aaaa->aaaa_addr.u6_addr, sizeof(to.ip));
	}
	finish(l, 0, &to);
}

/* @return false when the next question is to be asked */
static bool took(struct lookup *l, sres_record_t *answers[])
{
	sres_resolver_t *sres = l->resolver->sres;
	const sres_record_t *rr;
	bool done = true;

	if (answers)
		sres_sort_answers(sres, answers);
	rr = first(answers, l->type);
	if (l->type == sres_type_srv) {
		on_srv(l, rr);
		done = false;
	} else if (rr) {
		on_address(l, rr);
	} else if (l->type == sres_type_a && l->ipv6) {
		l->type = sres_type_aaaa;
		done = false;
	} else {
		finish(l, ENOENT, NULL);
	}
	if (answers)
		sres_free_answers(sres, answers);
	return done;
}

static void on_answers(struct lookup *l, sres_query_t *query,
                       sres_record_t *answers[]);

/* Ask until the cache knows no more. */
static void ask(struct lookup *l)
{
	sres_resolver_t *sres = l->resolver->sres;
	sres_record_t **cached;

	do {
		cached = sres_cached_answers(sres, l->type, l->name);
		if (!cached)
			l->query = sres_query(sres, on_answers, l, l->type,
			                      l->name);
		if (l->query)
			return;
	} while (!took(l, cached));
}

static void on_answers(struct lookup *l, sres_query_t *query,
                       sres_record_t *answers[])
{
	(void)query;
	l->query = NULL;
	if (!took(l, answers))
		ask(l);
}

int resolve(struct resolver *r, const struct resolve_req *req,
            resolve_h *handler, void *arg)
{
	static const char *const services[] = {
		[TRANSPORT_UDP] = "_sip._udp.",
		[TRANSPORT_TCP] = "_sip._tcp.",
		[TRANSPORT_TLS] = "_sips._tcp.",
	};
	uint16_t port = req->transport == TRANSPORT_TLS ? 5061 : 5060;
	struct address to;
	struct lookup *l;

	if (r->n >= RESOLVE_MAX)
		return ENOBUFS;
	if (req->name.n == 0 || req->name.n > RESOLVE_NAME_MAX)
		return EINVAL;
	port = req->port ? req->port : port;
	if (hosts_find(req->name, req->ipv6, &to)) {
		to.port = port;
		handler(arg, 0, &to);
		return 0;
	}
	l = calloc(1, sizeof(*l));
	if (!l)
		return ENOMEM;
	l->resolver = r;
	memcpy(l->host, req->name.p, req->name.n);
	l->port = port;
	l->ipv6 = req->ipv6;
	l->handler = handler;
	l->arg = arg;
	l->type = req->port ? sres_type_a : sres_type_srv;
	(void)snprintf(l->name, sizeof(l->name), "%s%s",
	               req->port ? "" : services[req->transport], l->host);
	l->next = r->lookups;
	if (l->next)
		l->next->prev = l;
	r->lookups = l;
	r->n++;
	ask(l);
	return 0;
}
