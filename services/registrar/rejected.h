/*
 * rejected.h - the reject log: who was refused, why, and from where
 *
 * A refused request is no call yet, so there is no CallSid to ask for; its
 * tenant finds it here (contract 7.3), as an alert with a source.
 */
#ifndef REGISTRAR_REJECTED_H
#define REGISTRAR_REJECTED_H

#include "core/reject.h"

struct app;

enum {
	REJECTED_WINDOW_MS =
		60 * 1000,        /* one row of a source, user and kind … */
	REJECTED_OF_SOURCE = 10,  /* rows of a source of an account …     */
	REJECTED_OF_ACCOUNT = 100 /* rows of an account in this time      */
};

/** A refused request; all texts are borrowed until it was told. */
struct rejected {
	enum reject reject;
	const char *account_sid; /**< "" = nobody's: the operator is told */
	const char *domain;      /**< that it was for; "" = none       */
	const char *user;        /**< who it says it is: as it came    */
	const char *called;      /**< number, of a carrier; "" = none  */
	const char *source_ip;
	const char *method; /**< "REGISTER", "INVITE" */
	unsigned status;    /**< that it was answered */
};

/** Write it, unless there was one like it or there were many a moment ago. */
void rejected_tell(struct app *app, const struct rejected *r);

#endif
