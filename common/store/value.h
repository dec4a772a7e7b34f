/*
 * value.h - is one value of the configuration what its field wants?
 *
 * Pure: no I/O, no clock, no log. Each function answers NULL when all is well,
 * else the rest of a sentence: "what is wrong; remedy".
 */
#ifndef STORE_VALUE_H
#define STORE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

enum { VALUE_NAME_MAX = 64 };     /* friendly names                      */
enum { VALUE_USERNAME_MAX = 32 }; /* credential usernames                */
enum { VALUE_PASSWORD_MIN = 12 }; /* of a credential                     */
enum { VALUE_URL_MAX = 2048 };    /* webhooks                            */
enum { VALUE_TEXT_MAX = 65536 };  /* TwiML of a bin                      */
enum { VALUE_TOKEN_MIN = 16 };    /* auth tokens                         */

const char *value_name(const char *s);
const char *value_text(const char *s);
const char *value_username(const char *s);
const char *value_password(const char *s);
const char *value_token(const char *s);
const char *value_url(const char *s);
const char *value_method(const char *s);
const char *value_bool(const char *s);
const char *value_e164(const char *s);
const char *value_prefix(const char *s);  /**< "+", "+1", "+4420" */
const char *value_country(const char *s); /**< calling code, "1" "44" */
const char *value_digits(const char *s);  /**< put before a number */
const char *value_domain(const char *s);  /**< host name or IP address */
bool value_same_cidr(const char *a, const char *b); /**< however written */
const char *value_cidr(const char *s); /**< address or address/length */
const char *value_sip_uri(const char *s);
const char *value_twiml(const char *s);

/** Decimal, @p min to @p max. @return true and *@p out, or false */
int value_uint(const char *s, uint32_t min, uint32_t max, uint32_t *out);

#endif
