/*
 * client.c - the requests under way, and handles kept for the next
 */
#include "adapters/client.h"

#include <errno.h>
#include <stdlib.h>

#include "adapters/transfer.h"
#include "http/multi.h"
#include "loop/loop.h"

enum { IDLE_CHECK_MS = 100 };
enum { SPARE_MAX = 256 }; /* easy handles kept for the next request */

TAILQ_HEAD(transfers, transfer);

struct client {
	struct client_config cfg;
	struct multi *multi;
	CURLSH *share;            /* TLS sessions */
	struct timer *idle_timer; /* ours: responses that fell silent */
	struct transfers active, spare;
	size_t n_spare;
	bool idle_running;
};

static void retire(struct client *c, struct transfer *t)
{
	TAILQ_REMOVE(&c->active, t, link);
	/* One that knows a password or a nonce is not used again. */
	if (t->used_auth || c->n_spare == SPARE_MAX) {
		transfer_free(t);
		return;
	}
	TAILQ_INSERT_HEAD(&c->spare, t, link);
	c->n_spare++;
}

static void end(void *arg, void *transfer, CURLcode code)
{
	struct client *c = arg;
	struct transfer *t = transfer;

	curl_multi_remove_handle(multi_handle(c->multi), t->easy);
	transfer_report(t, code);
	retire(c, t);
}

static struct transfer *find_silent(struct client *c, uint64_t now_ms)
{
	struct transfer *t;

	TAILQ_FOREACH (t, &c->active, link) {
		if (t->connected && now_ms - t->active_at >= t->read_ms)
			return t;
	}
	return NULL;
}

static void on_idle_timer(void *arg)
{
	struct client *c = arg;
	uint64_t now_ms = loop_now_ms();
	struct transfer *t;

	/* A handler may end or begin others: look anew after each. */
	while ((t = find_silent(c, now_ms))) {
		t->cut = CUT_IDLE;
		end(c, t, CURLE_OPERATION_TIMEDOUT);
	}
	c->idle_running = !TAILQ_EMPTY(&c->active);
	if (c->idle_running)
		timer_start(c->idle_timer, IDLE_CHECK_MS);
}

static int set_up(struct client *c)
{
	curl_share_setopt(c->share, CURLSHOPT_SHARE,
	                  CURL_LOCK_DATA_SSL_SESSION);
	curl_multi_setopt(multi_handle(c->multi), CURLMOPT_MAXCONNECTS,
	                  (long)CLIENT_CONNECTIONS_MAX);
	return timer_alloc(&c->idle_timer, c->cfg.loop, on_idle_timer, c);
}

int client_alloc(struct client **cp, const struct client_config *cfg)
{
	struct client *c = calloc(1, sizeof(*c));
	int err = ENOMEM;

	if (!c)
		goto out;
	c->cfg = *cfg;
	TAILQ_INIT(&c->active);
	TAILQ_INIT(&c->spare);
	err = multi_alloc(&c->multi, cfg->loop, end, c);
	if (err)
		goto out;
	err = ENOMEM;
	c->share = curl_share_init();
	if (c->share)
		err = set_up(c);
out:
	if (err)
		client_free(c);
	else
		*cp = c;
	return err;
}

static void free_all(struct client *c, struct transfers *list)
{
	struct transfer *t;

	while ((t = TAILQ_FIRST(list))) {
		TAILQ_REMOVE(list, t, link);
		if (list == &c->active)
			curl_multi_remove_handle(multi_handle(c->multi),
			                         t->easy);
		transfer_free(t);
	}
}

void client_free(struct client *c)
{
	if (!c)
		return;
	free_all(c, &c->active);
	free_all(c, &c->spare);
	if (c->share)
		curl_share_cleanup(c->share);
	multi_free(c->multi);
	timer_free(c->idle_timer);
	free(c);
}

static struct transfer *take_transfer(struct client *c)
{
	struct transfer *t = TAILQ_FIRST(&c->spare);

	if (!t)
		return transfer_alloc(c->cfg.policy, c->cfg.ca_file, c->share);
	TAILQ_REMOVE(&c->spare, t, link);
	c->n_spare--;
	return t;
}

int client_send(struct client *c, const struct client_req *req,
                client_h *handler, void *arg, struct transfer **tp)
{
	struct transfer *t = take_transfer(c);

	if (!t)
		return ENOMEM;
	t->client = c;
	t->handler = handler;
	t->arg = arg;
	if (transfer_prepare(t, req) ||
	    curl_multi_add_handle(multi_handle(c->multi), t->easy)) {
		transfer_free(t);
		return ENOMEM;
	}
	TAILQ_INSERT_TAIL(&c->active, t, link);
	if (req->read_ms < req->total_ms && !c->idle_running) {
		c->idle_running = true;
		timer_start(c->idle_timer, IDLE_CHECK_MS);
	}
	*tp = t;
	return 0;
}

void client_cancel(struct transfer *t)
{
	struct client *c = t->client;

	curl_multi_remove_handle(multi_handle(c->multi), t->easy);
	retire(c, t);
}
