/*
 * show.h - look inside a running system: tables for people, from Redis
 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <stdio.h>

struct store;

/* Each @return 0, or 1 when Redis could not be asked (see store_problem()).
 * Control characters of the network do not reach the terminal. */

/** Who is registered in @p domain, NULL = in all, and from where. */
int show_registrations(struct store *s, const char *domain, FILE *out);
int show_calls(struct store *s, FILE *out); /**< live calls, oldest first */
/** All that Redis holds about one call; 1 too when there is nothing. */
int show_call(struct store *s, const char *call_sid, FILE *out);
int show_alerts(struct store *s, FILE *out); /**< the last ones, newest first */

/** Seal the secrets that Redis holds with the key of now. */
int show_seal(struct store *s, FILE *out);

#endif
