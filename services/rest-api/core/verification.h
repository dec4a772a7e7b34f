/*
 * verification.h - the call that asks whose number it is: what it says
 *
 *     POST OutgoingCallerIds ─► the call ─► "enter the code" ─┬─ right ─► thanks
 *                                  ▲            ▲             │
 *                              CallDelay        └── wrong ────┴─ 3 times ─► sorry
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_VERIFICATION_H
#define API_CORE_VERIFICATION_H

#include <stdbool.h>

struct strbuf;

enum { VERIFICATION_DIGITS = 6, VERIFICATION_TRIES_MAX = 3 };
/** In one account at a time */
enum { VERIFICATIONS_MAX = 20 };

enum verification_says {
	VERIFICATION_ASKS,       /**< for the code              */
	VERIFICATION_ASKS_AGAIN, /**< the code was a wrong one  */
	VERIFICATION_THANKS,     /**< it was right, and hang up */
	VERIFICATION_SORRY       /**< no more tries, and hang up */
};

/** What is said after a wrong code, when it was the @p tries-th one. */
enum verification_says verification_after(unsigned long tries);

/** Write the document. @p action takes the digits: our own URL, of letters
 *  that XML takes as they are. */
void verification_document(struct strbuf *out, enum verification_says says,
                           const char *action);

/** What a path names: "/verifications/CA…", "/verifications/CA…/code" */
enum verification_part {
	VERIFICATION_NONE,  /**< it is no such path          */
	VERIFICATION_VOICE, /**< the document of the call    */
	VERIFICATION_CODE,  /**< after that: the digits      */
	VERIFICATION_STATUS /**< how the call ended          */
};

/** @param call_sid CA… of the path */
enum verification_part verification_path(const char *path, char call_sid[35]);

/** "+1 (415) 555-0100" as "+14155550100". @return whether it is a number */
bool verification_number(const char *text, char out[17]);

#endif
