/*
 * lookup.h - where are the devices of an address-of-record?
 */
#ifndef REGISTRAR_LOOKUP_H
#define REGISTRAR_LOOKUP_H

#include "bus/bus.h"

struct app;

/** @p req is borrowed until this returns; the reply goes to @p from, once. */
void lookup_start(struct app *app, const struct bus_return *from,
                  const Trestle__LookupRequest *req);

#endif
