/*
 * phone.h - a UDP socket that speaks SIP in words: edge, caller and callee
 *
 * Messages are written with "\n" for an end of line and without a
 * Content-Length; what stands after an empty line is the body.
 */
#ifndef PHONE_H
#define PHONE_H

#include <stdbool.h>
#include <stdint.h>

struct loop;

enum { PHONE_MESSAGE_MAX = 65536 };
enum { PHONE_INBOX_MAX = 64 };

struct phone {
	int fd;
	struct loop *loop; /**< borrowed */
	struct watch *watch;
	uint16_t port;
	char address[64]; /**< "127.0.7.2:41234" */
	char peer[64];    /**< where phone_send() sends to, "ip:port" */
	char *inbox[PHONE_INBOX_MAX];
	unsigned n;
	char now[PHONE_MESSAGE_MAX]; /**< the message that was waited for */
	char value[1024];
};

void phone_open(struct phone *p, struct loop *loop, const char *ip);
void phone_close(struct phone *p);

__attribute__((format(printf, 2, 3))) void phone_send(struct phone *p,
                                                      const char *fmt, ...);

/**
 * Wait for a message that begins with @p start and has @p with in it, take it
 * out of the inbox and make it the present one. Fails the test after 5 s.
 */
const char *phone_wait(struct phone *p, const char *start, const char *with);

/** Has such a message come, now or within @p ms? It stays in the inbox. */
bool phone_has(struct phone *p, const char *start, const char *with,
               uint32_t ms);

/** The first header of that name in the present message, "" = none */
const char *phone_header(struct phone *p, const char *name);

/** Answer the present request: "180 Ringing", further headers and body. */
void phone_answer(struct phone *p, const char *status, const char *tag,
                  const char *more);

#endif
