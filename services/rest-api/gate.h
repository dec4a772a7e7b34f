/*
 * gate.h - how often one may ask the API: wrong passwords, requests a second
 *
 * Wrong passwords are counted by source and name, and by source alone, for a
 * minute; then not even a right one is looked at, so that nobody learns that it was.
 * An account, by its tokens and keys together, may make so many requests in a
 * second. Each process counts for itself.
 */
#ifndef API_GATE_H
#define API_GATE_H

#include <stdbool.h>
#include <stdint.h>

struct gate;
struct http_request;

enum { GATE_SOURCE_TIMES = 10 }; /* as many of all names as of one */

/** @param wrong    passwords in a minute, from one source for one name; 0 = any
 *  @param requests of one account in a second; 0 = any
 *  @param proxies  networks whose X-Forwarded-For is believed, or ""
 *  @return 0, ENOMEM, or EINVAL or E2BIG of @p proxies */
int gate_alloc(struct gate **gp, uint32_t wrong, uint32_t requests,
               const char *proxies);
void gate_free(struct gate *g); /**< NULL is a no-op */

/** Has this source been wrong too often to be heard with this name? */
bool gate_closed(const struct gate *g, const struct http_request *r,
                 const char *name);
void gate_wrong(struct gate *g, const struct http_request *r, const char *name);
void gate_right(struct gate *g, const struct http_request *r, const char *name);

/** Count a request of this account. @return whether it is one too many */
bool gate_busy(struct gate *g, const char *account_sid);

#endif
