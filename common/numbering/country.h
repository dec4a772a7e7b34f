/*
 * country.h - which country a phone number is of, and how risky a call to it is
 *
 * Pure: a table. What it knows of are assigned calling codes (ITU-T E.164), the area
 * codes that make +1 many countries, and the ranges of each country that cost
 * more than a call to a subscriber.
 */
#ifndef NUMBERING_COUNTRY_H
#define NUMBERING_COUNTRY_H

#include <stdbool.h>
#include <stddef.h>

/** Kinds of numbers that an account may or may not call */
enum country_kind {
	COUNTRY_LOW,       /**< ordinary numbers of subscribers            */
	COUNTRY_SPECIAL,   /**< premium, shared cost, personal numbers     */
	COUNTRY_TOLLFRAUD, /**< ranges that are known for fraud            */
	COUNTRY_KINDS
};

struct country {
	const char *iso;  /**< ISO 3166-1 alpha-2, "GB"                   */
	const char *name; /**< in English                                 */
	const char
		*continent;  /**< "EUROPE", "NORTH_AMERICA"                  */
	const char *codes;   /**< calling codes, "1809 1829 1849"; of shared
	                        *   ones the digits behind them, too           */
	const char *special; /**< prefixes without +, separated by spaces    */
	const char *tollfraud;
};

/** @param e164 "+442071838750"
 *  @return NULL: of no country, as satellites and international services; else
 *          the country, and the @p kind of number unless it is NULL */
const struct country *country_of(const char *e164, enum country_kind *kind);

/** By ISO code, in capital letters; NULL = there is none. */
const struct country *country_by_iso(const char *iso);
/** In order of their ISO codes; NULL past the last. */
const struct country *country_nth(size_t n);

/** "low", "special", "tollfraud": words of `dialing-permissions:<AC>` */
const char *country_kind_word(enum country_kind kind);

/** What is open to whom nothing else was said, as the public service has it */
#define COUNTRY_DEFAULTS "US CA"
/** Whoever said that, has nothing looked at: numbers without a country, too */
#define COUNTRY_ANY      "any"

/**
 * May an account call this kind of number there?
 *
 * @param words    the field of the country in `dialing-permissions:<AC>`, else
 *                 its field `*`; NULL = it has neither
 * @param defaults of the installation, for then: ISO codes of the countries
 *                 whose ordinary numbers are open, `*` = of all, or `any`
 */
bool country_open(const struct country *country, enum country_kind kind,
                  const char *words, const char *defaults);

/** What is wrong with such defaults (TRESTLE_DIALING)? NULL = nothing; else the
 *  rest of a sentence, with its remedy */
const char *country_defaults_wrong(const char *defaults);

#endif
