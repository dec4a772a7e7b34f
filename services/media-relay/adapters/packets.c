/*
 * packets.c - the packets of a worker: read, judged, sent on
 *
 * A packet costs one read and one write, less when several wait at a socket.
 * Nothing here allocates, locks or searches.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapters/worker.h"

#define leg_worker(l) ((struct worker_leg *)(void *)(l)) /* leg is its first */

void packets_init(struct worker *w)
{
	for (size_t i = 0; i < WORKER_BATCH; i++) {
		struct msghdr *in = &w->in_msgs[i].msg_hdr;
		struct msghdr *out = &w->out_msgs[i].msg_hdr;

		w->in_iov[i].iov_base = w->in_data[i];
		w->in_iov[i].iov_len = sizeof(w->in_data[i]);
		in->msg_iov = &w->in_iov[i];
		in->msg_iovlen = 1;
		in->msg_name = &w->in_from[i];
		out->msg_iov = w->out_iov[i];
		out->msg_iovlen = 2;
	}
}

void packets_aim(struct worker_leg *wl)
{
	wl->to_len = address_to_kernel(&wl->leg.target, &wl->to);
	wl->rtcp_to_len = address_to_kernel(&wl->leg.rtcp_target, &wl->rtcp_to);
}

/* Queue output @p k of a write. */
static void prepare(struct worker *w, struct worker_leg *to, unsigned k)
{
	struct leg_output *o = &w->outputs[k];
	struct msghdr *h = &w->out_msgs[k].msg_hdr;

	w->out_iov[k][0] = (struct iovec){o->head, o->head_len};
	w->out_iov[k][1] =
		(struct iovec){(void *)(uintptr_t)o->payload, o->payload_len};
	h->msg_name = &to->to;
	h->msg_namelen = to->to_len;
	if (to->audio)
		audio_sent(to, o, w->now_us);
}

static void write_out(struct worker *w, struct worker_leg *to, unsigned n)
{
	unsigned done = 0;

	while (done < n) {
		int r;

		if (n - done == 1)
			r = sendmsg(to->rtp.fd, &w->out_msgs[done].msg_hdr,
			            MSG_DONTWAIT) < 0
			            ? -1
			            : 1;
		else
			r = sendmmsg(to->rtp.fd, &w->out_msgs[done], n - done,
			             MSG_DONTWAIT);
		/* An error is that of the first: an ICMP of an earlier
		 * packet, or a full buffer. It is left out. */
		if (r <= 0) {
			w->local.dropped[DROP_SEND]++;
			r = 1;
		} else {
			w->local.sent += (unsigned)r;
		}
		done += (unsigned)r;
	}
}

void packets_send(struct worker *w, struct worker_leg *wl)
{
	prepare(w, wl, 0);
	write_out(w, wl, 1);
}

static void forward(struct worker *w, struct worker_leg *from,
                    struct worker_leg *to, unsigned n)
{
	unsigned k = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct leg_input *in = &w->inputs[i];
		enum drop d;

		if (to->transcoder && leg_passes(&to->leg, in))
			transcoder_stop(to);
		d = leg_send(&to->leg, in, &w->outputs[k]);
		if (d == DROP_NOT)
			prepare(w, to, k++);
		else if (d != DROP_CODEC || !transcoder_start(w, from, to, in))
			w->local.dropped[d]++;
	}
	if (k > 0)
		write_out(w, to, k);
}

void packets_tell_key(struct worker *w, struct worker_leg *wl,
                      struct key_press key)
{
	if (key.digit == '\0' || !wl->leg.spec.want_digits)
		return;
	events_tell(w, wl->session,
	            &(struct plane_fact){
			    .type = PLANE_KEY, .leg = wl->leg.id, .key = key});
}

static void skip(struct worker_leg *wl, const struct leg_input *in)
{
	for (struct leg *l = wl->leg.listeners; l; l = l->next_listener)
		leg_skip(l, in);
}

static void receive_rtcp(struct worker *w, struct worker_leg *wl,
                         struct leg_input *packet, bool muxed)
{
	struct leg_rtcp_input in = {
		.from = packet->from,
		.data = packet->data,
		.len = packet->len,
		.now_us = w->now_us,
		.now_ntp = (uint32_t)(worker_ntp(w) >> 16),
		.muxed = muxed,
	};
	enum drop d = leg_rtcp_receive(&wl->leg, &in);

	if (d != DROP_NOT)
		w->local.dropped[d]++;
	if (in.latched)
		packets_aim(wl);
}

/* @return true when the packet is to be forwarded */
static bool receive_rtp(struct worker *w, struct worker_leg *wl,
                        struct leg_input *in)
{
	enum drop d = leg_receive(&wl->leg, in, &w->cfg->policy);

	if (in->latched) {
		leg_aim(&wl->leg, &w->cfg->policy);
		packets_aim(wl);
		events_tell(w, wl->session,
		            &(struct plane_fact){.type = PLANE_FIGURES});
	}
	if (d == DROP_TYPE)
		skip(wl, in);
	packets_tell_key(w, wl, in->key);
	if (d != DROP_NOT)
		w->local.dropped[d]++;
	else if (wl->audio)
		audio_received(wl, in);
	return d == DROP_NOT;
}

/* @return packets read: fewer than WORKER_BATCH when none is left */
static int receive_some(struct worker *w, struct worker_port *port)
{
	struct worker_leg *wl = port->leg;
	unsigned keep = 0;
	int n;

	for (size_t i = 0; i < WORKER_BATCH; i++)
		w->in_msgs[i].msg_hdr.msg_namelen = sizeof(w->in_from[i]);
	n = recvmmsg(port->fd, w->in_msgs, WORKER_BATCH, MSG_DONTWAIT, NULL);
	if (n <= 0)
		return 0;
	w->local.received += (unsigned)n;
	for (int i = 0; i < n; i++) {
		struct leg_input *in = &w->inputs[keep];

		address_from_kernel(&in->from, &w->in_from[i]);
		in->now_us = w->now_us;
		in->data = w->in_data[i];
		in->len = w->in_msgs[i].msg_len;
		if (port->rtcp || rtp_is_rtcp(in->data, in->len))
			receive_rtcp(w, wl, in, !port->rtcp);
		else if (receive_rtp(w, wl, in))
			keep++;
	}
	if (keep == 0)
		return n;
	for (struct leg *l = wl->leg.listeners; l; l = l->next_listener)
		forward(w, wl, leg_worker(l), keep);
	return n;
}

void packets_receive(struct worker *w, struct worker_port *port)
{
	for (int i = 0; i < WORKER_READS; i++) {
		if (receive_some(w, port) < WORKER_BATCH)
			return;
	}
	/* A flood: others have their turn; the descriptor, which tells of
	 * what is new only, must tell again. */
	worker_rearm(w, port);
}

static void tell_failure(struct worker *w, struct worker_leg *wl,
                         const struct player_failure *failed)
{
	struct plane_fact fact = {
		.type = PLANE_UNPLAYED,
		.leg = wl->leg.id,
		.play_id = wl->leg.player.id,
		.play = failed->play,
		.error = failed->error,
	};

	(void)snprintf(fact.why, sizeof(fact.why), "%s", failed->why);
	events_tell(w, wl->session, &fact);
}

/* What of a leg is due. @return false when its list is over */
static bool play_leg(struct worker *w, struct worker_leg *wl)
{
	bool told = wl->leg.player.list && !wl->leg.player.list->endless;
	struct player_failure failed;

	for (;;) {
		switch (leg_play(&wl->leg, w->now_us, &w->outputs[0],
		                 &failed)) {
		case LEG_PLAY_NOTHING: return wl->leg.player.list != NULL;
		case LEG_PLAY_PACKET: packets_send(w, wl); break;
		case LEG_PLAY_FAILED: tell_failure(w, wl, &failed); break;
		case LEG_PLAY_ENDED:
			if (told)
				events_tell(
					w, wl->session,
					&(struct plane_fact){
						.type = PLANE_PLAYED,
						.leg = wl->leg.id,
						.play_id = wl->leg.player.id});
			return false;
		}
	}
}

void packets_play(struct worker *w)
{
	struct worker_leg **at = &w->players;

	while (*at) {
		struct worker_leg *wl = *at;

		if (play_leg(w, wl)) {
			at = &wl->next_playing;
			continue;
		}
		*at = wl->next_playing;
		wl->playing = false;
	}
}

static void send_rtcp(struct worker *w, struct worker_leg *wl, const uint8_t *p,
                      size_t n)
{
	int fd = wl->leg.spec.rtcp_mux ? wl->rtp.fd : wl->rtcp.fd;

	if (n == 0 || wl->rtcp_to_len == 0)
		return;
	if (sendto(fd, p, n, MSG_DONTWAIT, &wl->rtcp_to.any, wl->rtcp_to_len) <
	    0)
		w->local.dropped[DROP_SEND]++;
	else
		w->local.sent++;
}

void packets_report(struct worker *w, struct worker_leg *wl)
{
	uint8_t p[RTCP_OUT_MAX];

	send_rtcp(w, wl, p,
	          leg_rtcp_report(&wl->leg, p, w->now_us, worker_ntp(w),
	                          worker_random(w)));
	packets_tell_key(w, wl, event_tick(&wl->leg.keys, w->now_us / 1000));
}

void packets_bye(struct worker *w, struct worker_leg *wl)
{
	uint8_t p[RTCP_OUT_MAX];

	send_rtcp(w, wl, p,
	          leg_rtcp_bye(&wl->leg, p, w->now_us, worker_ntp(w)));
}
