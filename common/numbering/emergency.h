/*
 * emergency.h - numbers of police, fire brigades and rescue services
 *
 * Pure: a table. They are recognised as they are dialled, before anything else makes a
 * telephone number of them: 911 is not +1 911.
 */
#ifndef NUMBERING_EMERGENCY_H
#define NUMBERING_EMERGENCY_H

#include <stdbool.h>

enum { EMERGENCY_SIZE = 8 }; /* of a number, with its NUL */

/**
 * Is it the number of an emergency service: "911", " 9-1-1", "tel:112", what a
 * function made of it ("+1911", "+44999"), or "urn:service:sos" (RFC 5031)?
 *
 * 112 and 911 are known everywhere, as mobile phones know them (3GPP TS 22.101
 * section 10.1); others where they are in use.
 *
 * @param country where the caller is, ISO 3166-1 alpha-2, "GB"; "" or one that the
 *                table lacks: nobody knows, and what most countries use is taken
 * @param out     the number as the services have it, "911"; "" when it is none
 */
bool emergency_find(const char *dialled, const char *country,
                    char out[EMERGENCY_SIZE]);

/** Is it one in any country? Takes what emergency_find() takes. */
bool emergency_somewhere(const char *dialled, char out[EMERGENCY_SIZE]);

#endif
