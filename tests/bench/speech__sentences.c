/*
 * speech__sentences.c - how soon a sentence is there, and how fast it is made
 *
 *     speech__sentences [sentences]                                    (100)
 *
 * On the first core trestle-speech with its helpers; here, on the last one, who
 * asks for audio as a media-relay does, one question at a time. Sentences that
 * are new, the same ones again when memory has forgotten them but the folder
 * has not, and one that is in memory: time from the SpeakRequest to the first
 * piece, which of a new one is when all of it was made: this is also told as a
 * share of how long it is heard.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "base/log.h"
#include "bench/lib/figures.h"
#include "bench/lib/net.h"
#include "bench/lib/process.h"
#include "bus/bus.h"
#include "loop/loop.h"
#include "store/redis.h"

enum { REDIS_PORT = 26381, SENTENCES_MAX = 2000, WAIT_MS = 30000 };
enum { BYTES_A_SECOND = 2 * 16000 };

#define IP "127.0.2.10"

struct bench {
	struct loop *loop;
	struct redis *redis;
	struct bus *bus;
	struct timer *timer;
	pid_t server, speech;
	bool came, last;
	size_t n; /* bytes of the piece */
};

static struct bench b;
static char folder[] = "/tmp/trestle-bench-XXXXXX";
static const struct log quiet = {NULL, "svc", "bench"};

/* --- questions ------------------------------------------------------------- */

static void on_timer(void *arg)
{
	(void)arg;
	loop_stop(b.loop);
}

static void on_reply(void *arg, int err, const Trestle__Envelope *reply)
{
	(void)arg;
	if (err || reply->body_case != TRESTLE__ENVELOPE__BODY_SPEAK_REPLY ||
	    reply->speak_reply->error_code) {
		errno = err ? err : EPROTO;
		net_die("SpeakRequest");
	}
	b.came = true;
	b.last = reply->speak_reply->last;
	b.n = reply->speak_reply->pcm.len;
	loop_stop(b.loop);
}

static void ask(const char *sentence, uint64_t offset)
{
	static const struct bus_req req = {.service = "speech",
	                                   .timeout_ms = WAIT_MS};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__SpeakRequest r = TRESTLE__SPEAK_REQUEST__INIT;

	r.ssml = (char *)(uintptr_t)sentence;
	r.voice = "woman";
	r.language = "en-US";
	r.offset = offset;
	env.call_sid = "CA1";
	env.body_case = TRESTLE__ENVELOPE__BODY_SPEAK_REQUEST;
	env.speak_request = &r;
	b.came = false;
	if (bus_request(b.bus, &req, &env, on_reply, NULL))
		net_die("bus_request");
	while (!b.came)
		loop_run(b.loop);
}

static const char *sentence(unsigned i)
{
	static char text[128];

	(void)snprintf(text, sizeof(text),
	               "Your order with the number %u will be delivered on "
	               "Monday afternoon.",
	               10000 + i);
	return text;
}

/* --- what is told ---------------------------------------------------------- */

static void tell(const char *what, double *v, unsigned n, const char *unit)
{
	figures_sort(v, n);
	printf("  %-34s p50 %7.2f, p99 %7.2f %s\n", what, v[n / 2],
	       v[n * 99 / 100], unit);
}

static double ms_since(uint64_t us)
{
	return (double)(net_now_us() - us) / 1000;
}

static void measure_new(unsigned n)
{
	static double first[SENTENCES_MAX], share[SENTENCES_MAX];

	for (unsigned i = 0; i < n; i++) {
		uint64_t begun = net_now_us(), bytes;

		ask(sentence(i), 0);
		first[i] = ms_since(begun);
		for (bytes = b.n; !b.last; bytes += b.n)
			ask(sentence(i), bytes);
		/* The helper made it whole before the first piece came. */
		share[i] = 100 * first[i] /
		           ((double)bytes / BYTES_A_SECOND * 1000);
	}
	tell("new: the first piece", first, n, "ms");
	tell("new: share of the time it is heard", share, n, "%");
}

static void measure_old(const char *what, unsigned n, bool same)
{
	static double first[SENTENCES_MAX];

	if (same)
		ask(sentence(0), 0);
	for (unsigned i = 0; i < n; i++) {
		uint64_t begun = net_now_us();

		ask(sentence(same ? 0 : i), 0);
		first[i] = ms_since(begun);
	}
	tell(what, first, n, "ms");
}

/* --- set up ---------------------------------------------------------------- */

static void open_bus(void)
{
	static const char *const wants[] = {"speech", NULL};
	const struct bus_config cfg = {.loop = b.loop,
	                               .redis = b.redis,
	                               .log = &quiet,
	                               .service = "media-relay",
	                               .instance = "bench-1",
	                               .address = IP,
	                               .sip = "",
	                               .http = "",
	                               .wants = wants};

	if (bus_alloc(&b.bus, &cfg))
		net_die("bus");
}

static void open_all(void)
{
	char url[64], port[8];
	char *redis[] = {"redis-server", "--bind", IP, "--port",
	                 port,           "--save", "", "--logfile",
	                 "/dev/null",    NULL};
	char *speech[] = {TRESTLE_BIN "/trestle-speech", NULL};

	if (!mkdtemp(folder))
		net_die(folder);
	(void)snprintf(port, sizeof(port), "%d", REDIS_PORT);
	(void)snprintf(url, sizeof(url), "redis://" IP ":%d/0", REDIS_PORT);
	setenv("TRESTLE_REDIS", url, 1);
	setenv("TRESTLE_INSTANCE", "bench", 1);
	setenv("TRESTLE_ADDRESS", IP, 1);
	setenv("TRESTLE_HTTP_PORT", "0", 1);
	setenv("TRESTLE_LOG", "error", 1);
	setenv("TRESTLE_RECOGNISERS", "0", 1);
	setenv("TRESTLE_SPEECH_CACHE", folder, 1);
	setenv("TRESTLE_SPEECH_MEMORY_MB", "1", 1); /* eight sentences */
	b.server = process_start(redis);
	usleep(300000);
	b.speech = process_start(speech);
	process_pin_last();
	log_set_level(LOG_ERROR);
	if (loop_alloc(&b.loop) ||
	    timer_alloc(&b.timer, b.loop, on_timer, NULL) ||
	    redis_alloc(&b.redis, b.loop, &quiet, url))
		net_die("loop");
	open_bus();
	timer_start(b.timer, 3000);
	loop_run(b.loop); /* until they know each other */
}

static void close_all(void)
{
	char *remove[] = {"rm", "-rf", folder, NULL};

	kill(b.speech, SIGTERM);
	(void)waitpid(b.speech, NULL, 0);
	kill(b.server, SIGTERM);
	(void)waitpid(b.server, NULL, 0);
	(void)waitpid(process_start(remove), NULL, 0);
}

int main(int argc, char **argv)
{
	unsigned n = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;

	if (n < 1 || n > SENTENCES_MAX)
		n = SENTENCES_MAX;
	open_all();
	measure_new(n);
	measure_old("in the folder: the first piece", n, false);
	measure_old("in memory: the first piece", n, true);
	close_all();
	return 0;
}
