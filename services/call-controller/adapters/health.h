/*
 * health.h - which targets of carriers answer, as all controllers know it
 */
#ifndef CC_ADAPTERS_HEALTH_H
#define CC_ADAPTERS_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct health;
struct strbuf;

enum { HEALTH_MAX = 1000 }; /* targets; more are taken to answer */

/** @return 0 or ENOMEM; health_free() accepts NULL */
int health_alloc(struct health **hp);
void health_free(struct health *h);

/** Does a peer live that gave this answer to OPTIONS? Any but 408, 502, 503, 504
 *  is one. @p reached false: there was none, or it was our own edge's. */
bool health_lives(bool reached, unsigned status);

/** Of a ping of our own. @p uri of the target. @return is that news? */
bool health_note(struct health *h, const char *uri, bool lives,
                 uint64_t now_ms);

/** Append what is known of @p uri as JSON: state ("up", "down"), since, checked;
 *  nothing when it is not known. */
void health_print(const struct health *h, const char *uri, struct strbuf *out);

/** What is in Redis stands in the place of all that is known, unless it is older:
 *  begin, each one, end. What can not be read is left out. */
void health_begin(struct health *h);
void health_read(struct health *h, const char *uri, const char *json);
void health_end(struct health *h);

/** One that is not known does not count as down. */
bool health_is_down(const struct health *h, const char *uri);

size_t health_count(const struct health *h, bool down);

#endif
