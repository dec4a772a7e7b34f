/*
 * country_table.h - the rows of country.h
 */
#ifndef NUMBERING_COUNTRY_TABLE_H
#define NUMBERING_COUNTRY_TABLE_H

#include "numbering/country.h"

extern const struct country country_table[]; /**< in order of ISO codes */
extern const size_t country_table_size;

#endif
