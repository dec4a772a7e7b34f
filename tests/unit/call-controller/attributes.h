/*
 * attributes.h - every attribute of the verbs and nouns, told as a table
 *
 * A row is what the contract (1.2-1.12) says of one attribute; test_attributes.c
 * runs a call for each value in it.
 */
#ifndef TESTS_ATTRIBUTES_H
#define TESTS_ATTRIBUTES_H

#include <stddef.h>

/** Where an attribute stands, and what happens to a call meanwhile */
struct place {
	const char *path;     /**< "Dial/Sip" */
	const char *document; /**< %s stands where the attributes do */
	const char *const *events;
};

struct attribute {
	const char *path, *name;
	/** in the transcript without it, and not with `good`; NULL = nothing */
	const char *by_default;
	const char *good; /**< a value; NULL = none is good */
	/** in the transcript with that, and not without; NULL = nothing. Both
	 *  NULL: the transcript is the same */
	const char *seen;
	const char *fine;   /**< more values, '|' between them; or NULL */
	const char *bad;    /**< values; or NULL */
	const char *alert;  /**< that follows on those: "13512W" */
	const char *beside; /**< other attributes that it needs; or NULL */
	/** In the transcript of a bad value; NULL: it is that of the default */
	const char *instead;
};

extern const struct place places[];
extern const size_t n_places;
extern const struct attribute attributes[];
extern const size_t n_attributes;

#endif
