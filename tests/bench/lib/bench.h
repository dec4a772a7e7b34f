/*
 * bench.h - the load generator for calls: one process plays caller, callee
 * and application
 */
#ifndef BENCH_H
#define BENCH_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;

enum { MESSAGE_MAX = 8192, CALLS_MAX = 1000000, FAIL_MS = 10000 };
enum { ROUTES_SIZE = 1024 };

struct options {
	const char *edge, *ip, *domain, *caller, *callee, *password, *pids;
	int http_port;
	int rate; /* calls/s offered */
	int calls;
	int hold_ms;
};

enum call_state { CALL_NEW, CALL_TRYING, CALL_UP, CALL_BYE, CALL_DONE };

struct call {
	enum call_state state;
	unsigned cseq;
	uint64_t started_us, invited_us, up_us;
	uint32_t child_us; /* authorised INVITE out to child INVITE in */
	char to[200];
	char contact[200];
	char routes[ROUTES_SIZE];
};

struct bench {
	struct options opt;
	int epoll, caller, callee;
	struct sockaddr_in edge;
	struct sockaddr_in caller_at, callee_at;
	struct app *app;
	struct call *calls;
	int started, done, failed, live, first_open;
	uint64_t begin_us;
	bool registered;
	unsigned register_cseq; /* odd: without credentials */
	int expires;            /* [s] of the Contact that registers */
};

/** A non-blocking UDP socket; @p port 0 = any. @return -1 and errno */
int bench_udp(const char *ip, uint16_t port, struct sockaddr_in *at);

/** Send @p text to the edge. */
void bench_send(const struct bench *b, int fd, const char *text);

/** An offer or answer: PCMU and telephone-event at @p port. */
void bench_sdp(const struct bench *b, int port, char *out, size_t size);

void caller_start(struct bench *b); /**< the next call */
void caller_message(struct bench *b, const char *message);
/** Hang up what was up long enough, give up what takes too long. */
void caller_sweep(struct bench *b);

void callee_register(struct bench *b, int expires);
void callee_message(struct bench *b, const char *message);

#endif
