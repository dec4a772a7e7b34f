/*
 * doctor_impl.h - what the files of doctor.h share
 */
#ifndef CLIENT_DOCTOR_IMPL_H
#define CLIENT_DOCTOR_IMPL_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/socket.h>

#include "core/sip.h"

struct api;

/** An examination under way */
struct visit {
	struct api *api;
	char host[256];
	uint16_t port;
	struct sockaddr_storage server;
	int sip; /**< socket */
	struct sip_phone phone;
	bool failed; /**< something is not well */
	/* made for the occasion: to be removed */
	char domain_sid[40], list_sid[40], bins[2][40];
};

/** Print a line. @return @p well */
bool visit_tell(struct visit *v, bool well, const char *what,
                const char *remedy);

/** Random @p bytes, 16 at most, in hexadecimal.
 *  @param out 2 * bytes + 1 */
void visit_random(char *out, size_t bytes);

/** REGISTER, then a call with audio both ways. */
void visit_phone(struct visit *v);

/** Send a request and wait for its final response, answering a challenge.
 *  @param answer WIRE_MAX + 1 bytes @return its status, 0 = none came */
unsigned visit_ask(struct visit *v, struct sip_request *r, char *answer);

#endif
