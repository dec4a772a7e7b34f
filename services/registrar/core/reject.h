/*
 * reject.h - the refusals that a tenant or phone is told about, as one table
 */
#ifndef REGISTRAR_CORE_REJECT_H
#define REGISTRAR_CORE_REJECT_H

#include <stdint.h>

enum reject {
	REJECT_NO_DOMAIN,       /**< the Request-URI names no domain of ours  */
	REJECT_NOT_IN_DOMAIN,   /**< To is not in the domain registered with  */
	REJECT_INACTIVE,        /**< the account is suspended or closed       */
	REJECT_INACTIVE_CALLED, /**< … of a number that a carrier calls     */
	REJECT_REGISTRATION_OFF,
	REJECT_NO_USERS,   /**< no credential list may register          */
	REJECT_INSECURE,   /**< a secure domain, a plain transport       */
	REJECT_WRONG,      /**< password or user                         */
	REJECT_BLOCKED,    /**< wrong too often                          */
	REJECT_OTHER_USER, /**< signed in as another than To             */
	REJECT_FULL,       /**< the eleventh device                      */
	REJECT_TOO_OFTEN,  /**< REGISTERs a second                        */
	REJECT_BAD_CONTACT,
	REJECT_BAD_CREDENTIALS, /**< Authorization can not be read            */
	REJECT_BAD_URI,
	REJECT_NO_CALL_AUTH, /**< nothing may call from this domain        */
	REJECT_NOT_IN_ACL,
	REJECT_NO_NUMBER /**< a carrier wants a number we do not have  */
};

struct reject_row {
	uint16_t status;      /**< answer to a REGISTER                      */
	uint16_t call_status; /**< answer to an INVITE                       */
	uint32_t code;        /**< of X-Trestle-Error and of the alert       */
	const char *phrase;   /**< reason phrase                             */
	const char *text;     /**< a sentence that names the remedy; of both */
};

/** The row of a refusal; never NULL. */
const struct reject_row *reject_row(enum reject reject);

#endif
