/*
 * bins.h - would this TwiML Bin render, and to XML? (libxml2)
 */
#ifndef CLI_ADAPTERS_BINS_H
#define CLI_ADAPTERS_BINS_H

#include "core/model.h"
#include "core/problems.h"

/**
 * Say of each bin what a caller would stumble over: tags of the template that
 * are wrong, and text that is no XML when no parameter has a value.
 *
 * @return 0 or ENOMEM
 */
int bins_check(const struct model *m, struct problems *p);

#endif
