/*
 * app.h - the edge: what it has and who uses it
 */
#ifndef EDGE_APP_H
#define EDGE_APP_H

#include "adapters/resolve.h"
#include "adapters/streams.h"
#include "adapters/udp.h"
#include "core/limiter.h"
#include "core/outages.h"
#include "core/rewrite.h"
#include "core/route.h"
#include "core/sticky.h"
#include "held.h"
#include "stats.h"

struct loop;
struct secret;
struct service;
struct tenants;
struct tls;

enum { APP_PUBLIC_MAX = 4 }; /* addresses in TRESTLE_SIP_ADDRESS */

struct conf {
	const char *address;   /**< IPs to listen on, spaces between    */
	const char *advertise; /**< host that others know; "" = the IP  */
	uint32_t port, sips_port;
	const char *certificates;  /**< directory; "" = no TLS              */
	uint32_t edge_port;        /**< internal UDP; 0 = any               */
	const char *allow_private; /**< CIDRs that calls may go to          */
	uint32_t rate, dialog_rate, answer_rate, connections;
	uint32_t message_seconds, idle_seconds;
};

struct app {
	struct service *service;
	struct loop *loop;
	const struct log *log;
	const struct conf *conf;
	struct stats *stats;
	struct secret *secret;
	struct token_key *key;   /**< NULL until Redis has told it     */
	struct tenants *tenants; /**< who is a carrier               */
	struct limiter *limiter;
	struct sticky *sticky;
	struct outages *outages; /**< servers that do not answer     */
	struct held *held;       /**< requests that nobody can take  */
	struct resolver *resolver;
	struct tls *tls; /**< NULL = no TLS                  */
	struct streams *streams;
	struct udp *internal;
	size_t n_public;
	struct udp *public[APP_PUBLIC_MAX];
	struct route_self self;
	struct cidr_set allow_private;
	uint16_t redis_port;   /**< never called                   */
	uint32_t boot;         /**< number of this process         */
	uint32_t waited_ms;    /**< the last datagram, to be read  */
	uint64_t waited_at;    /**< that was then [ms]             */
	uint64_t forwarded_at; /**< the last message [ms]: drain   */
	char internal_text[ADDRESS_TEXT_SIZE];
	char advertise[ADDRESS_TEXT_SIZE];
};

/** Is it one of our carriers' sources? They may say who calls. */
bool app_carrier(const struct app *app, const struct address *source);

/** @return 0 or an errno, after telling the log; app_close() may follow */
int app_init(struct app *app, struct service *service, const struct conf *conf);
void app_close(struct app *app);

#endif
