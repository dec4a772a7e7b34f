/*
 * verb.h - what a TwiML verb is, and the table of all verbs
 *
 * A verb is a const record. Its attributes are filled by table into its own
 * state, which lives in the interpreter, so that verbs allocate nothing.
 */
#ifndef CC_TWIML_VERB_H
#define CC_TWIML_VERB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call;
struct prompt;
struct saved;
struct step;
struct twiml_node;

enum { VERB_STATE_SIZE = 1024 };
enum { DIGITS_SENT_MAX = 64 }; /* keys and pauses of one attribute */

enum verb_result {
	VERB_WAIT,   /**< running: step it with the next event             */
	VERB_NEXT,   /**< finished: go on with the next verb               */
	VERB_FETCH,  /**< leave the document: the program's `next` …    */
	VERB_REJECT, /**< refuse the call: … says where to, or how     */
	VERB_END     /**< nothing more to do on this call                  */
};

enum attr_type {
	ATTR_STRING,   /**< const char *, borrowed from the document        */
	ATTR_METHOD,   /**< const char *: "GET" or "POST"                   */
	ATTR_INT,      /**< int, min to max                                 */
	ATTR_BOOL,     /**< bool: "true" or "false"                         */
	ATTR_WORD,     /**< int: which of the words in `init`, the first is
	              *   the default                                     */
	ATTR_DIGITS,   /**< const char *: keys to send, 0-9 A-D * # w W     */
	ATTR_VOICE,    /**< const char *: "man", "Polly.Joanna"             */
	ATTR_LANGUAGE, /**< const char *: "en-US"                         */
	ATTR_LATER     /**< known, but not supported yet: a warning         */
};

struct attr {
	const char *name; /**< NULL ends a table */
	enum attr_type type;
	uint32_t code;    /**< of the warning when the value is bad */
	size_t at;        /**< offset in the state */
	const char *init; /**< default, as text */
	int min, max;
};

/** Row of an attribute that has no effect yet */
#define LATER(name)                                                            \
	{                                                                      \
		name, ATTR_LATER, 0, 0, NULL, 0, 0                             \
	}

/** What may stand inside of a verb or noun */
struct element {
	const char *name;               /**< NULL ends a table             */
	const struct attr *attrs;       /**< NULL: none, or those of a verb */
	const struct element *children; /**< or NULL */
};

struct verb {
	const char *name;
	const struct attr *attrs;
	const struct element *children; /**< elements allowed inside; or NULL */
	uint32_t child_code; /**< of the warning about others; 0: 12200 */
	bool callee; /**< may run on a leg before the bridge: see screen.h */
	bool own_children; /**< it looks at them itself */
	size_t state_size;
	const struct saved
		*saved; /**< fields that an adoption needs; or NULL */
	/** Called once, with the attributes filled in. */
	enum verb_result (*start)(void *state, const struct twiml_node *node,
	                          struct call *call, struct step *st);
	/** Called for each event until it returns something else than WAIT. */
	enum verb_result (*step)(void *state, struct call *call,
	                         struct step *st);
	/** After an adoption: make again what start() made, but do nothing.
	 *  May be NULL. */
	void (*restore)(void *state, const struct twiml_node *node,
	                struct call *call, struct step *st);
	/** As a prompt: add what is to be heard. NULL = is not heard. */
	void (*prompt)(const void *state, struct prompt *prompt,
	               const struct twiml_node *node, struct call *call,
	               struct step *st);
	const struct attr *nested; /**< its attributes inside of Gather */
	/** Cut short: the call ends. May be NULL. */
	void (*stop)(void *state, struct call *call, struct step *st);
};

/** @return NULL when there is no such verb (yet) */
const struct verb *verb_find(const char *name);

/** The verb number @p i of all; NULL behind the last one */
const struct verb *verb_at(size_t i);

/**
 * Fill @p state from the attributes of @p node by the table. What is wrong is
 * told by a warning (CMD_ALERT) and has the default, or no effect.
 */
void verb_attributes(const struct attr *attrs, void *state,
                     const struct twiml_node *node, struct call *call,
                     struct step *st);

/** Tell what is wrong with an element, "line 3: <Dial> timeout=...": a
 *  warning, or an error when the contract (7.2) says so of the code. */
__attribute__((format(printf, 5, 6))) void verb_warn(
	struct call *call, struct step *st, uint32_t code,
	const struct twiml_node *node, const char *fmt, ...);

/** An alert on the call of st->program. */
void verb_alert(struct call *call, struct step *st, uint32_t code, bool error,
                const char *text);

extern const struct verb verb_dial, verb_gather, verb_hangup, verb_pause,
	verb_play, verb_record, verb_redirect, verb_reject, verb_say,
	verb_start, verb_stop;

#endif
