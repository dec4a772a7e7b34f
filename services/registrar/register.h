/*
 * register.h - one REGISTER, from request to answer (RFC 3261 10.3)
 */
#ifndef REGISTRAR_REGISTER_H
#define REGISTRAR_REGISTER_H

struct sip_request;

/** @param arg struct app. A handler of adapters/sip.h. */
void register_on_request(void *arg, struct sip_request *r);

#endif
