/*
 * media-relay__prompts.c - what a prompt costs, and how soon it is heard
 *
 *     media-relay__prompts [seconds [legs…]]      (3 s of 100, 500, 1000 legs)
 *
 * On the first core trestle-media-relay with one worker; here, on the last
 * one, are its controller, a speech service that has its sentence ready, and
 * the phones, all at one port. First many legs hear the same sentence: CPU
 * time of the relay for each packet that it sends. Then one leg is told to
 * play a sentence that the relay keeps, again and again: time from the
 * SessionPut to the first packet; and one that it does not know yet.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/log.h"
#include "bench/lib/figures.h"
#include "bench/lib/net.h"
#include "bench/lib/process.h"
#include "bus/bus.h"
#include "loop/loop.h"
#include "store/redis.h"

enum { REDIS_PORT = 26380, LEGS_MAX = 2000, SHOTS = 500 };
enum { SECONDS_OF_SPEECH = 30, RATE = 16000, PIECE = 100000 };
enum { WAIT_MS = 5000, PAUSE_MS = 7 };
enum { GROUP = 50 }; /* legs of a session */

#define IP "127.0.2.9"

struct bench {
	struct loop *loop;
	struct redis *redis;
	struct bus *bus, *speech;
	pid_t server, relay;
	struct timer *timer;
	bool done;
	/* phones */
	int fd;
	uint16_t port;
	uint64_t packets, first_us; /* first_us: 0 = none came yet */
	uint64_t version;
	unsigned pending;
	uint16_t words; /* makes a sentence new */
};

static struct bench b;
static int16_t spoken[SECONDS_OF_SPEECH * RATE];

static const struct log quiet = {NULL, "svc", "bench"};

/* --- waiting --------------------------------------------------------------- */

static void on_timer(void *arg)
{
	(void)arg;
	loop_stop(b.loop);
}

/* Until something stops the loop, or so long. @return false: it was the time */
static bool run(uint32_t ms)
{
	b.done = false;
	timer_start(b.timer, ms);
	loop_run(b.loop);
	timer_stop(b.timer);
	return b.done;
}

static void stop(void)
{
	b.done = true;
	loop_stop(b.loop);
}

/* --- who the relay talks to ------------------------------------------------ */

static void on_packet(void *arg, int events)
{
	uint8_t packet[1500];

	(void)arg;
	(void)events;
	while (recv(b.fd, packet, sizeof(packet), MSG_DONTWAIT) > 0) {
		b.packets++;
		if (b.first_us)
			continue;
		b.first_us = net_now_us();
		stop();
	}
}

static void on_speak(void *arg, const struct bus_return *from,
                     const Trestle__Envelope *env)
{
	uint64_t at = env->speak_request->offset;
	Trestle__SpeakReply r = TRESTLE__SPEAK_REPLY__INIT;
	Trestle__Envelope reply = TRESTLE__ENVELOPE__INIT;
	size_t left = at < sizeof(spoken) ? sizeof(spoken) - (size_t)at : 0;

	(void)arg;
	r.pcm.data = (uint8_t *)spoken + at;
	r.pcm.len = left < PIECE ? left : PIECE;
	r.rate = RATE;
	r.last = left <= PIECE;
	reply.body_case = TRESTLE__ENVELOPE__BODY_SPEAK_REPLY;
	reply.speak_reply = &r;
	bus_reply(b.speech, from, &reply);
}

static void on_event(void *arg, const struct bus_return *from,
                     const Trestle__Envelope *env)
{
	Trestle__Envelope reply = TRESTLE__ENVELOPE__INIT;
	Trestle__MediaEventAck ack = TRESTLE__MEDIA_EVENT_ACK__INIT;

	(void)arg;
	ack.session = env->media_event->session;
	ack.sequence = env->media_event->sequence;
	reply.body_case = TRESTLE__ENVELOPE__BODY_MEDIA_EVENT_ACK;
	reply.media_event_ack = &ack;
	bus_reply(b.bus, from, &reply);
}

/* --- sessions -------------------------------------------------------------- */

static void on_put(void *arg, int err, const Trestle__Envelope *reply)
{
	(void)arg;
	if (err || reply->body_case != TRESTLE__ENVELOPE__BODY_SESSION_STATE) {
		errno = err ? err : EPROTO;
		net_die("SessionPut");
	}
	if (--b.pending == 0)
		stop();
}

/* A session whose legs hear that sentence; "" = nothing. */
static void put(unsigned number, unsigned n_legs, const char *sentence)
{
	static const struct bus_req req = {.service = "media-relay",
	                                   .timeout_ms = WAIT_MS};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__SessionPut m = TRESTLE__SESSION_PUT__INIT;
	Trestle__MediaLeg legs[GROUP], *list[GROUP];
	Trestle__Codec codec = TRESTLE__CODEC__INIT, *codecs[] = {&codec};
	Trestle__Play play = TRESTLE__PLAY__INIT, *plays[] = {&play};
	char session[40], names[GROUP][16];

	(void)snprintf(session, sizeof(session), "MS%032x", number);
	codec.name = "PCMU";
	codec.rate = 8000;
	play.kind = TRESTLE__PLAY__KIND__SPEECH;
	play.what = (char *)(uintptr_t)sentence;
	play.times = 1000;
	for (unsigned i = 0; i < n_legs; i++) {
		Trestle__MediaLeg *leg = list[i] = &legs[i];

		trestle__media_leg__init(leg);
		(void)snprintf(names[i], sizeof(names[i]), "CA%u", i);
		leg->leg = names[i];
		leg->remote_ip = IP;
		leg->remote_port = b.port;
		leg->codecs = codecs;
		leg->n_codecs = 1;
		leg->play_id = b.version;
		if (sentence[0]) {
			leg->source = TRESTLE__SOURCE__SOURCE_PLAYS;
			leg->plays = plays;
			leg->n_plays = 1;
		}
	}
	m.session = session;
	m.version = b.version;
	m.controller = "bench-1";
	m.legs = list;
	m.n_legs = n_legs;
	env.call_sid = "CA1";
	env.body_case = TRESTLE__ENVELOPE__BODY_SESSION_PUT;
	env.session_put = &m;
	b.pending++;
	if (bus_request(b.bus, &req, &env, on_put, NULL))
		net_die("bus_request");
}

static void put_all(unsigned legs, const char *sentence)
{
	b.version++;
	for (unsigned i = 0; i * GROUP < legs; i++)
		put(i + 1, legs - i * GROUP < GROUP ? legs - i * GROUP : GROUP,
		    sentence);
	if (!run(WAIT_MS))
		net_die("no answer from the relay");
}

/* --- what is told ---------------------------------------------------------- */

static void measure_cost(unsigned legs, unsigned seconds)
{
	clockid_t cpu;
	uint64_t spent, packets;
	double us;

	if (clock_getcpuclockid(b.relay, &cpu))
		net_die("clock_getcpuclockid");
	b.first_us = 1; /* packets do not stop the loop */
	put_all(legs, "the same");
	(void)run(1500);
	packets = b.packets;
	spent = net_clock_us(cpu);
	(void)run(seconds * 1000);
	packets = b.packets - packets;
	spent = net_clock_us(cpu) - spent;
	us = (double)spent / (double)(packets ? packets : 1);
	printf("%6u legs: %6.2f us a packet, %5.1f %% of the packets, %6.0f "
	       "prompts a core\n",
	       legs, us, (double)packets / (legs * seconds * 0.5),
	       1e6 / (50 * us));
	put_all(legs, "");
	(void)run(200);
}

static void measure_delay(const char *what, bool fresh, unsigned shots)
{
	static uint32_t us[SHOTS];
	size_t half, most;
	char sentence[32];

	for (unsigned i = 0; i < shots; i++) {
		uint64_t begun;

		(void)snprintf(sentence, sizeof(sentence), "sentence %u",
		               fresh ? ++b.words : 0);
		b.version++;
		b.first_us = 1;
		put(9999, 1, "");
		(void)run(WAIT_MS);
		(void)run(30 + PAUSE_MS * (i % 5)); /* nothing is under way */
		b.version++;
		b.first_us = 0;
		begun = net_now_us();
		put(9999, 1, sentence);
		while (b.first_us == 0) {
			if (!run(WAIT_MS))
				net_die("nothing is heard");
		}
		us[i] = (uint32_t)(b.first_us - begun);
		if (b.pending)
			(void)run(WAIT_MS);
	}
	figures_sort_u32(us, shots);
	half = shots / 2;
	most = shots * 99 / 100;
	printf("%s: SessionPut to the first packet, p50 %.2f ms, p99 %.2f ms\n",
	       what, (double)us[half] / 1000, (double)us[most] / 1000);
}

/* --- set up ---------------------------------------------------------------- */

static void open_bus(struct bus **bus, const char *service,
                     const char *instance, bus_request_h *handler)
{
	static const char *const wants[] = {"media-relay", NULL};
	const struct bus_config cfg = {.loop = b.loop,
	                               .redis = b.redis,
	                               .log = &quiet,
	                               .service = service,
	                               .instance = instance,
	                               .address = IP,
	                               .sip = "",
	                               .http = "",
	                               .wants = wants,
	                               .on_request = handler};

	if (bus_alloc(bus, &cfg))
		net_die("bus");
}

static void open_phones(void)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	socklen_t len = sizeof(sa);
	int room = 8 * 1024 * 1024;
	struct watch *watch;

	b.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	(void)inet_pton(AF_INET, IP, &sa.sin_addr);
	(void)setsockopt(b.fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (bind(b.fd, (struct sockaddr *)&sa, len) ||
	    getsockname(b.fd, (struct sockaddr *)&sa, &len) ||
	    watch_alloc(&watch, b.loop, b.fd, LOOP_READ, on_packet, NULL))
		net_die("phones");
	b.port = ntohs(sa.sin_port);
}

static void open_all(void)
{
	char url[64], port[8];
	char *redis[] = {"redis-server", "--bind", IP, "--port",
	                 port,           "--save", "", "--logfile",
	                 "/dev/null",    NULL};
	char *relay[] = {TRESTLE_BIN "/trestle-media-relay", NULL};

	(void)snprintf(port, sizeof(port), "%d", REDIS_PORT);
	(void)snprintf(url, sizeof(url), "redis://" IP ":%d/0", REDIS_PORT);
	setenv("TRESTLE_REDIS", url, 1);
	setenv("TRESTLE_INSTANCE", "bench", 1);
	setenv("TRESTLE_ADDRESS", IP, 1);
	setenv("TRESTLE_HTTP_PORT", "0", 1);
	setenv("TRESTLE_LOG", "error", 1);
	setenv("TRESTLE_RTP_WORKERS", "1", 1);
	setenv("TRESTLE_RTP_ALLOW_PRIVATE", "127.0.0.0/8", 1);
	b.server = process_start(redis);
	usleep(300000);
	b.relay = process_start(relay);
	process_pin_last();
	log_set_level(LOG_ERROR);
	if (loop_alloc(&b.loop) ||
	    timer_alloc(&b.timer, b.loop, on_timer, NULL) ||
	    redis_alloc(&b.redis, b.loop, &quiet, url))
		net_die("loop");
	open_bus(&b.bus, "call-controller", "bench-1", on_event);
	open_bus(&b.speech, "speech", "speech-1", on_speak);
	open_phones();
	(void)run(3000); /* until they know each other */
}

int main(int argc, char **argv)
{
	static const unsigned usual[] = {100, 500, 1000};
	unsigned seconds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 3;

	for (size_t i = 0; i < sizeof(spoken) / sizeof(spoken[0]); i++)
		spoken[i] = (int16_t)(i * 37 % 20000);
	open_all();
	for (int i = 2; i < argc; i++)
		measure_cost((unsigned)strtoul(argv[i], NULL, 10), seconds);
	for (size_t i = 0; argc <= 2 && i < 3; i++)
		measure_cost(usual[i], seconds);
	measure_delay("kept", false, 300);
	measure_delay("new ", true, 100);
	kill(b.relay, SIGKILL);
	kill(b.server, SIGTERM);
	(void)waitpid(b.relay, NULL, 0);
	(void)waitpid(b.server, NULL, 0);
	return 0;
}
