/*
 * remove.h - the API takes bindings away: their phones have to register again
 */
#ifndef REGISTRAR_REMOVE_H
#define REGISTRAR_REMOVE_H

#include "bus/bus.h"

struct app;

void remove_start(struct app *app, const struct bus_return *from,
                  const Trestle__BindingsRemove *req);

#endif
