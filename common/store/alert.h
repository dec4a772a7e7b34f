/*
 * alert.h - what went wrong, told to the tenant: the Redis streams `alerts`, of
 * all, and `alerts:{AC…}`, of an account
 *
 * Fields of an entry: time (ISO 8601) account_sid call_sid code level text url
 * source method status user domain sip_method sip_status. The streams are append-only and capped, so any process
 * may write them.
 */
#ifndef STORE_ALERT_H
#define STORE_ALERT_H

#include <stdint.h>

struct log;
struct redis;

enum { ALERTS_MAX = 10000 };  /* entries kept in a stream, about */
enum { ALERT_USER_MAX = 64 }; /* bytes */

struct alert {
	const char *account_sid; /**< or NULL */
	const char *call_sid;    /**< or NULL: the reject log of SIP requests */
	uint32_t code;      /**< contract 7.2: 11200, 32009 …            */
	const char *text;   /**< a sentence that names the remedy        */
	const char *url;    /**< or NULL                                 */
	const char *source; /**< source IP of a rejected request or NULL */
	const char *method; /**< of the request for `url`, or NULL       */
	unsigned status;    /**< of the response to it; 0 = none         */
	/* of a rejected request, else NULL and 0: */
	const char *user;   /**< who it says it is, ALERT_USER_MAX bytes of it,
	                   *   "?" for each that is not printable ASCII */
	const char *domain; /**< that it was for */
	const char *sip_method; /**< "REGISTER", "INVITE" */
	unsigned sip_status;    /**< that it was answered */
};

/** Is it an error ("error") or does the call go on ("warning")? */
const char *alert_level(uint32_t code);

/** Write it to the stream and, as one line, to the log. Never fails: without
 *  Redis the log line remains. */
void alert_write(struct redis *r, const struct log *log,
                 const struct alert *alert);

#endif
