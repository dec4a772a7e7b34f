/*
 * binding.h - one Contact bound to an address-of-record (RFC 3261 section 10)
 */
#ifndef REGISTRAR_CORE_BINDING_H
#define REGISTRAR_CORE_BINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BINDINGS_MAX = 10 }; /* of one AoR; contract: the 11th is refused */
enum { BINDING_CONTACT_MAX = 512 };  /* bytes */
enum { BINDING_INSTANCE_MAX = 128 }; /* bytes */
enum { BINDING_KEY_SIZE = BINDING_CONTACT_MAX + 16 };
enum { BINDING_Q_DEFAULT = 1000 };

/** What a Contact of a REGISTER asks for, validated. Strings are borrowed from
 *  the request. */
struct binding {
	char key[BINDING_KEY_SIZE]; /**< names it within its AoR          */
	const char *contact;        /**< URI, without header parameters   */
	const char *instance;       /**< +sip.instance without <>; "" = none */
	size_t instance_len;
	uint32_t reg_id;  /**< RFC 5626; 0 = none       */
	uint32_t q;       /**< 0-1000                   */
	uint32_t expires; /**< granted [s]; 0 = remove it */
};

/**
 * Write the key of a binding. A device that says which one it is
 * (+sip.instance, RFC 5626 6) is known by that and its reg-id, whatever its
 * address is after a restart; any other by its canonical Contact URI.
 *
 * @return false when the Contact is no SIP URI or too long
 */
bool binding_key(struct binding *b);

#endif
