/*
 * client.c - libcurl's multi interface on our loop
 */
#include "adapters/client.h"

#include <errno.h>
#include <stdlib.h>

#include "adapters/transfer.h"
#include "loop/loop.h"

enum { IDLE_CHECK_MS = 100 };
enum { SPARE_MAX = 256 }; /* easy handles kept for the next request */

TAILQ_HEAD(transfers, transfer);

struct client {
	struct client_config cfg;
	CURLM *multi;
	CURLSH *share;            /* TLS sessions */
	struct timer *timer;      /* libcurl's */
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

static void end(struct client *c, struct transfer *t, CURLcode code)
{
	curl_multi_remove_handle(c->multi, t->easy);
	transfer_report(t, code);
	retire(c, t);
}

static void collect_ended(struct client *c)
{
	struct CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(c->multi, &left))) {
		char *mine = NULL;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &mine);
		end(c, (struct transfer *)(void *)mine, msg->data.result);
	}
}

/* A descriptor of libcurl's and who watches it */
struct socket {
	struct client *client;
	struct watch *watch;
	curl_socket_t fd;
};

static void on_ready(void *arg, int events)
{
	const struct socket *s = arg;
	struct client *c = s->client;
	int flags = 0, running;

	if (events & LOOP_READ)
		flags |= CURL_CSELECT_IN;
	if (events & LOOP_WRITE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(c->multi, s->fd, flags, &running);
	collect_ended(c);
}

static void forget_socket(struct socket *s)
{
	if (!s)
		return;
	watch_free(s->watch);
	free(s);
}

static int watch_socket(struct client *c, curl_socket_t fd, int events,
                        struct socket *s)
{
	if (s) {
		watch_set(s->watch, events);
		return 0;
	}
	s = calloc(1, sizeof(*s));
	if (!s)
		return -1;
	s->client = c;
	s->fd = fd;
	if (watch_alloc(&s->watch, c->cfg.loop, fd, events, on_ready, s)) {
		free(s);
		return -1;
	}
	curl_multi_assign(c->multi, fd, s);
	return 0;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg,
                     void *socket_arg)
{
	struct client *c = arg;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		forget_socket(socket_arg);
		curl_multi_assign(c->multi, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		events |= LOOP_READ;
	if (what & CURL_POLL_OUT)
		events |= LOOP_WRITE;
	return watch_socket(c, fd, events, socket_arg);
}

static int on_timer_wanted(CURLM *multi, long ms, void *arg)
{
	struct client *c = arg;

	(void)multi;
	if (ms < 0)
		timer_stop(c->timer);
	else
		timer_start(c->timer, (uint32_t)ms);
	return 0;
}

static void on_timer(void *arg)
{
	struct client *c = arg;
	int running;

	curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect_ended(c);
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
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS,
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
	err = timer_alloc(&c->timer, cfg->loop, on_timer, c);
	if (err)
		goto out;
	err = ENOMEM;
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		goto out;
	c->share = curl_share_init();
	c->multi = curl_multi_init();
	if (c->share && c->multi)
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
			curl_multi_remove_handle(c->multi, t->easy);
		transfer_free(t);
	}
}

void client_free(struct client *c)
{
	if (!c)
		return;
	free_all(c, &c->active);
	free_all(c, &c->spare);
	if (c->multi)
		curl_multi_cleanup(c->multi);
	if (c->share)
		curl_share_cleanup(c->share);
	timer_free(c->idle_timer);
	timer_free(c->timer);
	free(c);
	curl_global_cleanup();
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
	    curl_multi_add_handle(c->multi, t->easy)) {
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

	curl_multi_remove_handle(c->multi, t->easy);
	retire(c, t);
}
