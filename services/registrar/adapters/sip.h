/*
 * sip.h - the internal SIP socket: requests in, stateless answers out
 *
 * Everything that knows Sofia-SIP is behind this header. Answers are sent
 * without a server transaction (RFC 3261 8.2.7): a REGISTER that is sent again
 * is answered again, and core/replay.h keeps it from being applied again.
 */
#ifndef REGISTRAR_ADAPTERS_SIP_H
#define REGISTRAR_ADAPTERS_SIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/registration.h"
#include "core/source.h"
#include "core/sum.h"

struct loop;
struct sip;

enum { SIP_MESSAGE_MAX = 65535 }; /* bytes of a request         */
enum { SIP_PENDING_MAX = 8192 };  /* requests not answered yet  */
enum { SIP_CREDENTIALS_MAX = 8 }; /* Authorization headers read */
enum { SIP_PATHS_MAX = 10 };      /* Path values of a request   */
enum { SIP_CALLID_MAX = 256 };    /* bytes */
enum { SIP_HEADERS_MAX = 32 };    /* headers of an answer       */

/** A REGISTER. All strings are NUL-terminated, and live until it is answered
 *  or dropped. */
struct sip_request {
	const char *uri; /**< Request-URI                            */
	struct piece uri_host;
	struct piece to_user; /**< escaped, n = 0: none                   */
	struct piece to_host;
	const char *call_id;
	uint32_t cseq;
	const char *user_agent; /**< "" = none                              */
	struct source source;   /**< of the phone, as the edge saw it       */
	const char *expires;    /**< NULL = absent                          */
	bool star;
	size_t n_contacts; /**< all of them; the array has at most
	                             BINDINGS_MAX                           */
	struct contact contacts[BINDINGS_MAX];
	size_t n_credentials;
	const char *credentials[SIP_CREDENTIALS_MAX];
	size_t n_paths;
	const char *paths[SIP_PATHS_MAX]; /**< Route values, nearest first  */
	const char *required; /**< option tags in Require that we do not
	                             have, separated by commas; NULL = none */
	bool supports_path;
	bool supports_outbound;
};

/** Never parsed again: names and values must be sound. */
struct sip_header {
	const char *name;
	const char *value;
};

struct sip_answer {
	unsigned status;
	const char *phrase;
	size_t n;
	struct sip_header headers[SIP_HEADERS_MAX]; /**< borrowed texts */
};

/** Add a header; past SIP_HEADERS_MAX it is left out. */
void sip_answer_add(struct sip_answer *a, const char *name, const char *value);

/** A REGISTER came in: sip_answer() or sip_drop() it, now or later, once. */
typedef void sip_request_h(void *arg, struct sip_request *r);

/**
 * @param address IP to bind
 * @param port    0: any free one
 * @param seed    random, of the tags in answers
 * @return 0, ENOMEM, or an errno of bind(2)
 */
int sip_alloc(struct sip **sp, struct loop *loop, const char *address,
              uint16_t port, uint64_t seed);
void sip_free(struct sip *s); /**< when none is open */

/** Say who handles requests; until then they are dropped. */
void sip_on_request(struct sip *s, sip_request_h *handler, void *arg);

/** "ip:port", for others to find it. */
const char *sip_bound(const struct sip *s);

/** How many requests wait for an answer. */
size_t sip_pending(const struct sip *s);

void sip_answer(struct sip_request *r, const struct sip_answer *a);
void sip_drop(struct sip_request *r);

#endif
