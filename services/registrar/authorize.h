/*
 * authorize.h - may this INVITE make a call? (proto/registrar.proto)
 */
#ifndef REGISTRAR_AUTHORIZE_H
#define REGISTRAR_AUTHORIZE_H

#include "bus/bus.h"

struct app;

/** @p req is borrowed until this returns; the reply goes to @p from, once. */
void authorize_start(struct app *app, const struct bus_return *from,
                     const Trestle__AuthorizeRequest *req);

#endif
